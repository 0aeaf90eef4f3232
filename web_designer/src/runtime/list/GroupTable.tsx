/** A list by groups: what their records share, how many there are, the sums of their numbers; each opens to its first records. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Fragment, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi } from "@/shared/api/context";
import { readGroups, type GroupJson } from "@/shared/api/groups";
import { useModel } from "@/shared/api/model";
import { readPage, type RecordJson } from "@/shared/api/records";
import { showCount } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import { ValueText } from "@/shared/renderer/ValueText";
import type { EntityModel, FieldModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { from } from "../cameFrom";
import { filterText } from "./filterText";
import { GroupValue } from "./GroupValue";
import type { FilterRow } from "./listQuery";
import { groupText, rowOf, summedFields } from "./narrowing";

const PAGE = 100;
const SHOWN_ROWS = 20;

export interface GroupTableProps {
  readonly entity: EntityModel;
  /** The field the list is grouped by, and the columns of the view. */
  readonly field: FieldModel;
  readonly fields: readonly FieldModel[];
  readonly titleKey: string | null;
  readonly rows: readonly FilterRow[];
  readonly search: string;
  readonly isSimilar: boolean;
  readonly sort: string;
  readonly viewFilter: string | null | undefined;
  readonly link: (row: RecordJson) => string;
  /** Shows the records of a group as a list. */
  readonly onShow: (row: FilterRow) => void;
}

export function GroupTable(props: GroupTableProps): JSX.Element {
  const { entity, field, fields, rows, search, isSimilar, viewFilter } = props;
  const { t, i18n } = useTranslation("list");
  const api = useApi();
  const { app } = useModel();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const sums = summedFields(fields);
  const measures = ["COUNT()", ...sums.map(({ key }) => `SUM(${key})`)].join();
  const asked = { filter: filterText(entity.fields, rows, viewFilter), search, similar: isSimilar ? ("true" as const) : ("" as const), by: groupText(field), measures, limit: PAGE };
  const found = useInfiniteQuery({
    queryKey: ["groups", app, entity.key, asked],
    queryFn: ({ signal, pageParam }) => readGroups(api, app, entity.key, { ...asked, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (all.length * PAGE < last.total ? all.length * PAGE : undefined),
  });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading />;
  const groups = found.data.pages.flatMap((page) => page.groups);
  if (groups.length === 0) return <Empty icon="list" title={t("nothingFound")} />;
  const turn = (key: string): void => setOpened(new Set(opened.has(key) ? [...opened].filter((one) => one !== key) : [...opened, key]));
  const name = label(field.name, i18n.language, field.key);
  return (
    <div className="groups">
      <table className="groups-table" aria-label={t("groupedBy", { name })}>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            <th scope="col" className="grid-number">{t("groupCount")}</th>
            {sums.map((one) => (
              <th key={one.key} scope="col" className="grid-number">{label(one.name, i18n.language, one.key)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const key = String(group.values[0]);
            const isOpen = opened.has(key);
            return (
              <Fragment key={key}>
                <tr className="group">
                  <th scope="row">
                    <button type="button" className="group-turn" aria-expanded={isOpen} onClick={() => turn(key)}>
                      <Icon name={isOpen ? "up" : "down"} size={14} />
                      <GroupValue field={field} value={group.values[0]} title={group.titles[0]} />
                    </button>
                  </th>
                  <td className="grid-number">{showCount(Number(group.measures[0]), i18n.language)}</td>
                  {sums.map((one, at) => (
                    <td key={one.key} className="grid-number">
                      <ValueText field={one} value={group.measures[at + 1]} language={i18n.language} />
                    </td>
                  ))}
                </tr>
                {isOpen ? <Members {...props} group={group} width={sums.length + 2} /> : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {found.hasNextPage ? (
        <Button isBusy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("groupsMore")}
        </Button>
      ) : null}
    </div>
  );
}

/** The first records of a group, in the order of the list. */
function Members({ entity, field, fields, titleKey, rows, search, isSimilar, sort, viewFilter, link, onShow, group, width }: GroupTableProps & { readonly group: GroupJson; readonly width: number }): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const api = useApi();
  const model = useModel();
  const row = rowOf(field, group.values[0]);
  const keys = [...new Set([...(titleKey === null ? [] : [titleKey]), ...fields.map((one) => one.key)])];
  const asked = { filter: filterText(entity.fields, [...rows, row], viewFilter), search, ...(isSimilar ? { similar: "true" as const } : {}), sort, fields: keys, limit: SHOWN_ROWS };
  const found = useQuery({ queryKey: ["members", model.app, entity.key, asked], queryFn: ({ signal }) => readPage(api, model.app, entity.key, asked, signal) });
  const shown = fields.filter((one) => one.key !== titleKey && one.key !== field.key);
  return (
    <tr className="group-members">
      <td colSpan={width}>
        {found.isError ? <Failed error={found.error} onRetry={() => void found.refetch()} /> : found.data === undefined ? <Loading /> : (
          <ul>
            {found.data.records.map((record) => (
              <li key={record.id}>
                <Link to={link(record)} state={from("list")}>{String((titleKey === null ? null : record[titleKey]) ?? record.id.slice(0, 8))}</Link>
                {shown.map((one) => (
                  <span key={one.key} className="group-value">
                    <ValueText field={one} value={record[one.key]} title={record[`${one.key}__title`]} error={record[`${one.key}__error`]} language={i18n.language} zone={model.time_zone} />
                  </span>
                ))}
              </li>
            ))}
          </ul>
        )}
        <Button look="text" onClick={() => onShow(row)}>{t("groupShow", { count: Number(group.measures[0]), shown: showCount(Number(group.measures[0]), i18n.language) })}</Button>
      </td>
    </tr>
  );
}
