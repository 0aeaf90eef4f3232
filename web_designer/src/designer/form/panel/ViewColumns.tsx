/** Lists the columns of a list of records: order, which are shown; adds fields, and fields of the records they point to. */
import { type JSX, useState } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDocument } from "../../core/DesignContext";
import type { Pointer, ViewDefinition } from "../../core/doc";
import type { Gesture } from "../../core/history";
import { useTexts } from "../../core/useTexts";
import { KindIcon } from "../KindIcon";
import { addToList, beyond, columnName, fieldsOn, listable, MOST_HOPS, shiftInList, takeOffList } from "../viewColumns";
import { Group, SelectControl } from "./controls";

export function ViewColumns({ pointer, view }: { readonly pointer: Pointer; readonly view: ViewDefinition }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const document = useDocument();
  const columns = view.columns ?? [];
  const execute = (gesture: Gesture): void => void store.getState().execute(gesture);
  const nameOf = (path: string): string => label(columnName(document, view, path), labels, path);
  return (
    <Group title={t("group.list-columns")}>
      <ol className="prop-list column-list">
        {columns.map(({ key }, index) => (
          <li key={key} data-column={key}>
            <KindIcon kind={fieldsOn(document, view.entity, key).at(-1)?.kind ?? ""} />
            <span className="column-title">{nameOf(key)}</span>
            <span className="prop-list-tools">
              <Button look="text" icon="up" aria-label={t("column.up", { name: nameOf(key) })} disabled={index === 0} onClick={() => execute(shiftInList(document, pointer, view, key, -1))} />
              <Button look="text" icon="down" aria-label={t("column.down", { name: nameOf(key) })} disabled={index === columns.length - 1} onClick={() => execute(shiftInList(document, pointer, view, key, 1))} />
              <Button look="text" icon="close" aria-label={t("column.off-list", { name: nameOf(key) })} disabled={columns.length === 1} onClick={() => execute(takeOffList(document, pointer, view, key))} />
            </span>
          </li>
        ))}
      </ol>
      <PathPicker view={view} taken={columns.map((column) => column.key)} onAdd={(path) => execute(addToList(document, pointer, view, path))} />
    </Group>
  );
}

/** A select for each step of a path: a field, and where it points to a record, that record or one of its fields. */
function PathPicker({ view, taken, onAdd }: { readonly view: ViewDefinition; readonly taken: readonly string[]; readonly onAdd: (path: string) => void }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  const document = useDocument();
  const [steps, setSteps] = useState<readonly string[]>([]);
  const path = steps.join(".");
  const fields = fieldsOn(document, view.entity, path);
  const next = fields.length === steps.length && steps.length > 0 && steps.length <= MOST_HOPS ? beyond(document, fields.at(-1)) : null;
  const places = [view.entity, ...fields.slice(0, MOST_HOPS).map((field) => beyond(document, field))].slice(0, next === null ? Math.max(1, steps.length) : steps.length + 1);
  const choose = (place: number, key: string): void => setSteps(key === "" ? steps.slice(0, place) : [...steps.slice(0, place), key]);
  return (
    <div className="column-add column-add-path">
      <div>
        {places.map((entity, place) => {
          const before = fields[place - 1];
          const itself = before === undefined ? t("column.choose") : t("column.itself", { name: label(before.name, labels, before.key) });
          const title = before === undefined ? t("column.field") : t("column.of", { name: label(before.name, labels, before.key) });
          return (
            <SelectControl
              key={title}
              title={title}
              value={steps[place] ?? ""}
              options={[{ value: "", text: itself }, ...listable(document, entity ?? "").map((field) => ({ value: field.key, text: label(field.name, labels, field.key) }))]}
              onChange={(key) => choose(place, key)}
            />
          );
        })}
      </div>
      <Button
        icon="add"
        disabled={path === "" || taken.includes(path)}
        onClick={() => {
          onAdd(path);
          setSteps([]);
        }}
      >
        {t("column.add")}
      </Button>
    </div>
  );
}
