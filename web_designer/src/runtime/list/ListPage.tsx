/** The page of a list view: what it shows is all in its address; rows come in blocks as one scrolls. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useNavigationType, useParams, useSearchParams } from "react-router";
import { useSession } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { exportAddress } from "@/shared/api/imports";
import { pageParameters, type RecordJson } from "@/shared/api/records";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { isSortableKind } from "@/shared/renderer/kinds";
import { pathField } from "@/shared/renderer/pathField";
import { entityOf, fieldOf, type EntityModel, type FieldModel, type RuntimeModel, type ViewDefinition } from "@/shared/renderer/types";
import { beside, isList } from "@/shared/renderer/pointing";
import { isNumeric, ValueText } from "@/shared/renderer/ValueText";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { makePart, usePart } from "@/shared/ui/later";
import { WordsContext } from "@/shared/ui/Marked";
import type { MenuEntry } from "@/shared/ui/Menu";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { from } from "../cameFrom";
import { useListMemory, type CellPlace } from "../listMemory";
import { keepRecent } from "../recent";
import { nextOf, previousOf, rowsOf } from "./blockWindow";
import { CardList } from "./CardList";
import type { DataGrid as LoadedGrid, GridColumn } from "./DataGrid";
import { FilterDrawer } from "./FilterDrawer";
import { filterText } from "./filterText";
import type { FacetPanel as LoadedFacets } from "./FacetPanel";
import { FilterChip } from "./FilterValue";
import type { GroupTable as LoadedGroups } from "./GroupTable";
import { ListFoot } from "./ListFoot";
import { JumpDialog } from "./JumpDialog";
import type { SelectionBarProps } from "./SelectionBar";
import { useSelection } from "./useSelection";
import { readListQuery, sortOf, sortText, writeListQuery, type ListQuery, type SortKey } from "./listQuery";
import { ListBar } from "./ListBar";
import { SingleRecord } from "./SingleRecord";
import { TryButton } from "./TryButton";
import { facetFields, groupFields } from "./narrowing";
import { useBlocks } from "./useBlocks";
import "./list.css";

const loadGrid = async (): Promise<{ default: typeof LoadedGrid }> => ({ default: (await import("./DataGrid")).DataGrid });
const selectionPart = makePart<SelectionBarProps>(async () => (await import("./SelectionBar")).SelectionBar);
const DataGrid = lazy(loadGrid) as unknown as typeof LoadedGrid;
const FacetPanel = lazy(async (): Promise<{ default: typeof LoadedFacets }> => ({ default: (await import("./FacetPanel")).FacetPanel }));
const GroupTable = lazy(async (): Promise<{ default: typeof LoadedGroups }> => ({ default: (await import("./GroupTable")).GroupTable }));

export default function ListPage(): JSX.Element {
  const { t } = useTranslation("list");
  const model = useModel();
  const { view: key = "" } = useParams();
  const view = model.views.find((one) => one.key === key);
  const entity = view === undefined ? undefined : entityOf(model, view.entity);
  if (view === undefined || entity === undefined) return <Empty icon="warning" title={t("noView")} />;
  if (entity.kind === "single") return <SingleRecord view={view} entity={entity} />;
  return <List key={`${model.version} ${view.key}`} view={view} entity={entity} />;
}

function List({ view, entity }: { readonly view: ViewDefinition; readonly entity: EntityModel }): JSX.Element {
  // The box of a reference in the filter has the texts of forms: to fetch them then would hide the page.
  const { t, i18n } = useTranslation(["list", "form"]);
  const language = i18n.language;
  const model = useModel();
  const user = useSession().user.id;
  const navigate = useNavigate();
  const memory = useListMemory();
  const isReturn = useNavigationType() === "POP";
  const isCompact = useMedia(PHONE);
  useEffect(() => {
    // The grid comes while the rows do, not after them.
    if (!isCompact) void loadGrid();
  }, [isCompact]);
  const [parameters, setParameters] = useSearchParams();
  const [isFiltering, setFiltering] = useState(false);
  const [isJumping, setJumping] = useState(false);
  const [isFaceting, setFaceting] = useState(false);
  const [isSumming, setSumming] = useState(false);
  const query = useMemo(() => readListQuery(parameters), [parameters]);
  const sort = sortOf(query, view);
  // Of the view's own sort the first key alone is marked: the others only break ties.
  const shownSort = query.sort.length > 0 ? query.sort : sort.slice(0, 1);
  const fields = useMemo(() => view.columns.flatMap((column) => pathField(model, entity, column.key) ?? []), [view, entity, model]);
  const titleKey = entity.title ?? fields[0]?.key ?? null;
  const filter = filterText(entity.fields, query.filters, view.filter);
  const wanted = [...new Set([...fields.map((field) => field.key), ...(titleKey ? [titleKey] : [])])];
  const asked = { filter, search: query.search, sort: sortText(sort), fields: wanted };
  const memoryKey = `${model.app} ${model.version} ${view.key} ${parameters.toString()}`;
  const { blocks, loadNext, loadPrevious, reload, countExactly } = useBlocks({ app: model.app, entity: entity.key, query: asked, start: query.start, memoryKey, isReturn });
  const rows = useMemo(() => rowsOf(blocks.window), [blocks.window]);
  const remembered = isReturn ? memory.get(memoryKey) : undefined;
  const scrollTop = useRef(0);
  const cell = useRef<CellPlace | null>(null);
  const anchor = remembered && blocks.status === "ready" ? remembered.scrollTop : query.start.at === "end" ? "end" : "start";

  useEffect(() => {
    document.title = label(view.name, language, view.key);
    keepRecent(user, { app: model.app, path: `/apps/${model.app}/views/${view.key}`, title: view.name, kind: null });
  }, [user, model, view, language]);
  const remember = (): void => {
    if (blocks.status === "ready") memory.put(memoryKey, { entity: entity.key, window: blocks.window, total: blocks.total, isExact: blocks.isExact, scrollTop: scrollTop.current, cell: cell.current });
  };
  const latest = useRef(remember);
  useEffect(() => {
    latest.current = remember;
  });
  useEffect(() => () => latest.current(), [memoryKey]);

  const change = useCallback(
    (next: Partial<ListQuery>) => setParameters(writeListQuery({ ...query, start: {}, ...next }), { replace: next.search !== undefined }),
    [query, setParameters],
  );
  const link = (row: RecordJson): string => `/apps/${model.app}/records/${entity.key}/${row.id}?view=${view.key}`;
  const open = (row: RecordJson, inNewTab: boolean): void => {
    if (inNewTab) window.open(link(row), "_blank", "noopener");
    else void navigate(link(row), { state: from("list") });
  };
  const fresh = (): void => {
    memory.forget(entity.key);
    reload();
  };
  const jump = (start: ListQuery["start"]): void => {
    const same = JSON.stringify(start) === JSON.stringify(query.start);
    if (same) fresh();
    else change({ start });
  };
  const selection = useSelection(useMemo(() => rows.map((row) => row.id), [rows]), JSON.stringify([filter, query.search]));
  const [isPicking, setPicking] = useState(false);
  const canSelect = entity.actions.includes("bulk");
  const titleOf = (row: RecordJson): string => (titleKey === null ? row.id.slice(0, 8) : String(row[`${titleKey}__title`] ?? row[titleKey] ?? row.id.slice(0, 8)));
  const isSelecting = selection.isAll || selection.count > 0 || (isCompact && isPicking);
  const { Found: SelectionBar } = usePart(selectionPart, isSelecting);
  const selectLabel = (row: RecordJson): string => t("select", { title: titleOf(row) });
  const others = [
    ...(canSelect && isCompact ? [{ key: "pick", text: t("pick"), onPick: () => setPicking(true) }] : []),
    ...(entity.actions.includes("delete") ? [{ key: "trash", text: t("toTrash"), onPick: () => void navigate(`/apps/${model.app}/trash/${entity.key}`) }] : []),
    { key: "changes", text: t("toChanges"), onPick: () => void navigate(`/apps/${model.app}/changes`) },
  ];
  const takeOut = (format: "xlsx" | "csv"): void => {
    // The server answers with a file, so that the page stays.
    const list = pageParameters({ ...asked, fields: fields.map((field) => field.key) });
    window.location.assign(exportAddress(model.app, entity.key, format, list, language));
  };
  const more: MenuEntry[] = [
    ...(entity.actions.includes("export")
      ? [
          { key: "xlsx", text: t("exportXlsx"), onPick: () => takeOut("xlsx") },
          { key: "csv", text: t("exportCsv"), onPick: () => takeOut("csv") },
        ]
      : []),
    ...(entity.actions.includes("import")
      ? [{ key: "import", text: t("import"), onPick: () => void navigate(`/apps/${model.app}/import?entity=${entity.key}&view=${view.key}`) }]
      : []),
  ];
  const canCreate = entity.actions.includes("create");
  const createLink = `/apps/${model.app}/records/${entity.key}/new?view=${view.key}`;
  const sortField = sort[0] === undefined ? undefined : pathField(model, entity, sort[0].key);
  const groupField = fieldOf(entity, query.group ?? "");
  const faceted = facetFields(entity.fields);
  const groups = groupFields(entity.fields).map((field) => ({
    key: field.key,
    text: label(field.name, language, field.key),
    isCurrent: field.key === query.group,
    onPick: () => change({ group: field.key === query.group ? "" : field.key }),
  }));
  const asks = { entity, fields, rows: query.filters, search: query.search, isSimilar: blocks.isSimilar, viewFilter: view.filter };
  const isNarrowed = query.filters.length > 0 || query.search !== "";
  return (
    <div className="page page-list">
      <ListBar
        title={label(view.name, language, view.key)}
        total={blocks.total}
        isExact={blocks.isExact}
        search={query.search}
        filterCount={query.filters.length}
        {...(canCreate ? { createLink } : {})}
        {...(sortField ? { jumpName: label(sortField.name, language, sortField.key) } : {})}
        others={others}
        onSearch={(search) => change({ search })}
        groups={groups}
        {...(entity.decision ? { extra: <TryButton entity={entity} decision={entity.decision} link={link} /> } : {})}
        {...(faceted.length > 0 ? { isFaceted: isFaceting } : {})}
        onFacets={() => setFaceting(!isFaceting)}
        onFilter={() => setFiltering(true)}
        onJump={(where) => (where === "value" ? setJumping(true) : jump(where === "end" ? { at: "end" } : {}))}
        onReload={fresh}
        onCount={() => {
          countExactly();
          setSumming(true);
        }}
        more={more}
      />
      {query.filters.length === 0 ? null : (
        <div className="chips">
          {query.filters.map((row, at) => {
            const field = pathField(model, entity, row.field);
            const remove = (): void => change({ filters: query.filters.filter((_, index) => index !== at) });
            return field === undefined ? null : <FilterChip key={`${row.field} ${row.operator} ${row.values.join()}`} field={field} row={row} onRemove={remove} />;
          })}
        </div>
      )}
      {isSelecting && SelectionBar !== undefined ? (
        // Its texts come with it; the list stays meanwhile.
        <Suspense fallback={null}>
          <SelectionBar
            app={model.app}
            entity={entity}
            chosen={selection.isAll ? { filter: filter || "TRUE", search: query.search } : { ids: [...selection.ids] }}
            count={selection.isAll ? (blocks.isExact ? blocks.total : null) : selection.count}
            total={blocks.total}
            isAll={selection.isAll}
            titleOf={(id) => titleOf(rows.find((row) => row.id === id) ?? { id })}
            onAll={() => {
              if (!blocks.isExact) countExactly();
              selection.takeAll();
            }}
            onClear={() => {
              selection.clear();
              setPicking(false);
            }}
            onChanged={fresh}
          />
        </Suspense>
      ) : null}
      {blocks.isSimilar ? <p className="list-similar" role="status">{t("similar", { words: query.search })}</p> : null}
      <WordsContext value={query.search}>
      <div className="list-parts">
      {isFaceting ? (
        <Suspense fallback={null}>
          <FacetPanel {...asks} fields={faceted} isCompact={isCompact} onChange={(filters) => change({ filters })} onClose={() => setFaceting(false)} />
        </Suspense>
      ) : null}
      {groupField === undefined ? null : (
        <div className="list-body">
          <Suspense fallback={<Loading />}>
            <GroupTable
              {...asks}
              key={groupField.key}
              field={groupField}
              titleKey={titleKey}
              sort={sortText(sort)}
              link={link}
              onShow={(row) => change({ group: "", filters: [...query.filters.filter((one) => one.field !== row.field), row] })}
            />
          </Suspense>
        </div>
      )}
      <div className="list-body" hidden={groupField !== undefined}>
        {blocks.status === "loading" ? <Loading /> : null}
        {blocks.status === "failed" ? <Failed error={blocks.error} onRetry={reload} /> : null}
        {blocks.status === "ready" && rows.length === 0 ? (
          <Empty icon="list" title={isNarrowed ? t("nothingFound") : query.start.from !== undefined ? t("nothingFrom") : t("nothingYet")}>
            {isNarrowed ? (
              <Button onClick={() => change({ filters: [], search: "" })}>{t("filterClear")}</Button>
            ) : query.start.from !== undefined ? (
              <Button onClick={() => change({})}>{t("toStart")}</Button>
            ) : canCreate ? (
              <ButtonLink look="primary" to={createLink} state={from("list")}>
                {t("create")}
              </ButtonLink>
            ) : null}
          </Empty>
        ) : null}
        {blocks.status === "ready" && rows.length > 0 ? (
          isCompact ? (
            <CardList
              zone={model.time_zone}
              label={label(view.name, language, view.key)}
              fields={fields}
              titleKey={titleKey}
              rows={rows}
              link={link}
              hasNext={nextOf(blocks.window) !== null}
              hasPrevious={previousOf(blocks.window) !== null}
              onNext={loadNext}
              onPrevious={loadPrevious}
              shift={blocks.window.shift}
              round={blocks.round}
              anchor={anchor}
              onScroll={(top) => (scrollTop.current = top)}
              selection={isSelecting ? { has: selection.has, toggle: selection.toggle, label: selectLabel } : null}
            />
          ) : (
            <Suspense fallback={<Loading />}>
              <DataGrid<RecordJson>
                label={label(view.name, language, view.key)}
                columns={gridColumns(model, view, entity, titleKey, language, model.time_zone, link)}
                rows={rows}
                rowKey={(row) => row.id}
                sort={shownSort}
                onSort={(next: readonly SortKey[]) => change({ sort: next.length > 0 ? next : turned(shownSort) })}
                onOpen={open}
                onNearStart={loadPrevious}
                onNearEnd={loadNext}
                onJump={(where) => jump(where === "end" ? { at: "end" } : {})}
                shift={blocks.window.shift}
                round={blocks.round}
                anchor={anchor}
                onScroll={(top) => (scrollTop.current = top)}
                cell={remembered?.cell ?? null}
                onCell={(row, column) => (cell.current = { id: row.id, column })}
                total={blocks.isExact ? blocks.total : null}
                selection={
                  canSelect
                    ? {
                        label: (number) => t("selectRow", { number }),
                        allLabel: t("selectLoaded"),
                        has: (row) => selection.has(row.id),
                        onToggle: (row, isRange) => selection.toggle(row.id, isRange),
                        onToggleLoaded: () => selection.toggleMany(rows.map((row) => row.id)),
                      }
                    : null
                }
              />
            </Suspense>
          )
        ) : null}
        {blocks.edge === "failed" ? (
          <div className="list-edge" role="alert">
            {t("blockFailed")}
            <Button onClick={() => (nextOf(blocks.window) === null ? loadPrevious() : loadNext())}>{t("common:retry")}</Button>
          </div>
        ) : null}
        {blocks.status === "ready" && rows.length > 0 && groupField === undefined && !blocks.isSimilar ? (
          <ListFoot entity={entity.key} fields={fields} filter={filter} search={query.search} isWanted={blocks.isExact || isSumming} />
        ) : null}
      </div>
      </div>
      </WordsContext>
      {isFiltering ? (
        <FilterDrawer
          fields={entity.fields}
          rows={query.filters}
          isCompact={isCompact}
          onClose={() => setFiltering(false)}
          onApply={(filters) => {
            setFiltering(false);
            change({ filters });
          }}
        />
      ) : null}
      {isJumping && sortField ? (
        <JumpDialog
          field={sortField}
          onClose={() => setJumping(false)}
          onJump={(from) => {
            setJumping(false);
            jump({ from });
          }}
        />
      ) : null}
    </div>
  );
}

/** Returns the other direction of a single key: a heading turns the order, it never takes it away. */
const turned = (sort: readonly SortKey[]): readonly SortKey[] => (sort.length === 1 ? sort.map(({ key, isDescending }) => ({ key, isDescending: !isDescending })) : []);

/** Widths of columns that the view leaves open; texts and references share what is left. */
const WIDTHS: Readonly<Record<string, number>> = { sequence: 168, number: 120, money: 140, date: 136, datetime: 184, choice: 112, boolean: 88, percent: 104, quantity: 130, duration: 104, rating: 132, time: 96, secret: 96, address: 260 };

/** Edges of a cell, and those of a cell with a tag in it; pixels. */
const HEADING_EDGES = 20;
const TAG_EDGES = 34;

/** Returns about how many pixels a short text takes: Chinese signs are twice as wide as others. */
const textWidth = (text: string): number => Math.ceil([...text].reduce((sum, sign) => sum + (/[\u2e80-\uffff]/.test(sign) ? 13 : 6.9), 0));

/** Returns the width of a column: what the view wants, and room for its heading and its options, which are longer in some languages. */
function columnWidth(field: FieldModel, wanted: number | null | undefined, language: string): number {
  const options = field.kind === "choice" ? (field.options ?? []).map((option) => textWidth(label(option.name, language, option.key)) + TAG_EDGES) : [];
  return Math.max(wanted ?? WIDTHS[field.kind] ?? 160, textWidth(label(field.name, language, field.key)) + HEADING_EDGES, ...options);
}

function gridColumns(model: RuntimeModel, view: ViewDefinition, entity: EntityModel, titleKey: string | null, language: string, zone: string | undefined, link: (row: RecordJson) => string): GridColumn<RecordJson>[] {
  // One column takes what the others leave, so that rows are as wide as the grid.
  const stretched = view.columns.find((column) => ["reference", "text"].includes(fieldOf(entity, column.key)?.kind ?? "")) ?? view.columns.at(-1);
  return view.columns.flatMap((column): GridColumn<RecordJson>[] => {
    const field = pathField(model, entity, column.key);
    if (field === undefined) return [];
    const width = columnWidth(field, column.width, language);
    const text = (row: RecordJson): string => isList(field) ? "" : String(row[`${field.key}__title`] ?? row[field.key] ?? "");
    const draw = (row: RecordJson): JSX.Element => (
      <ValueText field={field} value={row[field.key]} title={beside(row, field)} error={row[`${field.key}__error`]} language={language} zone={zone} />
    );
    return [
      {
        key: field.key,
        name: label(field.name, language, field.key),
        width: column === stretched ? `minmax(${width}px, 1fr)` : width,
        isNumeric: isNumeric(field),
        isSortable: isSortableKind(field.kind) && !isList(field),
        isFrozen: field.key === titleKey,
        text,
        draw: field.key === titleKey ? (row) => <Link to={link(row)} state={from("list")} tabIndex={-1}>{draw(row)}</Link> : draw,
      },
    ];
  });
}
