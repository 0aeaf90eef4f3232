/** One change of a record: who, when and how, and below it each field and row with what it was and what it became. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import type { RecordJson } from "@/shared/api/records";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { ValueText } from "@/shared/renderer/ValueText";
import { holdsFiles } from "@/shared/renderer/pointing";
import { zoneOf, type EntityModel, type FieldModel } from "@/shared/renderer/types";
import { isBlank } from "@/shared/renderer/fieldValues";
import { Button } from "@/shared/ui/Button";
import type { FieldChange, RecordChange, RowChange } from "./historyApi";

const ACTIONS = ["create", "update", "delete", "restore", "reveal"];
const CHANNELS = ["api", "form", "import", "link", "bulk", "undo", "hand_over", "install", "publish", "people", "flow", "transition", "guarded", "reverse", "repair", "system", "uninstall", "upgrade"];

interface ChangeEntryProps {
  readonly change: RecordChange;
  readonly entity: EntityModel;
  /** The record as it is now, whose rows say which one a change was about. */
  readonly record: RecordJson;
  /** Whether the record is still as this change left it. */
  readonly isPresent: boolean;
  readonly onShow: (revision: number) => void;
  readonly onTake?: ((field: string, value: unknown, title: unknown) => void) | undefined;
}

export function ChangeEntry({ change, entity, record, isPresent, onShow, onTake }: ChangeEntryProps): JSX.Element {
  const { t, i18n } = useTranslation("history");
  const model = useModel();
  const language = i18n.language;
  const who = change.actor__title ?? t("system");
  const action = ACTIONS.includes(change.action) ? t(`did.${change.action}`) : change.action;
  const way = change.channel.split("-")[0] ?? ""; // `install-demo` is an installation
  const channel = CHANNELS.includes(way) ? t(`channel.${way}`) : change.channel;
  const taken = change.transition;
  const transition = taken === null ? null : label(entity.states?.transitions.find((one) => one.key === taken)?.name, language, taken);
  const isMoved = change.fields.some((one) => one.field === entity.states?.key);
  const isQuiet = transition === null && change.fields.length === 0 && change.rows.length === 0 && change.action === "update";
  return (
    <li className={`history-change is-${change.action}`}>
      <header>
        <strong>{who}</strong>
        <span>{action}</span>
        <time dateTime={change.at}>{showInstant(change.at, language, zoneOf(model))}</time>
        <span className="history-channel">{channel}</span>
        {isPresent || change.action === "delete" ? null : (
          <Button look="text" className="history-show" onClick={() => onShow(change.revision)} aria-label={t("showAt", { revision: change.revision })}>
            {t("show")}
          </Button>
        )}
      </header>
      {isQuiet ? <p className="history-quiet">{t("unchanged")}</p> : null}
      {transition !== null && !isMoved ? <p className="history-transition">{transition}</p> : null}
      {change.fields.length > 0 ? <Fields changes={change.fields} fields={entity.fields} state={entity.states?.key} transition={transition} isNew={change.action === "create" || change.action === "reveal"} onTake={change.action === "update" ? onTake : undefined} /> : null}
      {change.rows.map((row) => (
        <Row key={row.id} row={row} entity={entity} record={record} />
      ))}
    </li>
  );
}

function Row({ row, entity, record }: { readonly row: RowChange; readonly entity: EntityModel; readonly record: RecordJson }): JSX.Element {
  const { t, i18n } = useTranslation("history");
  const lines = entity.fields.find((field) => field.key === row.field);
  const rows = (record[row.field] ?? []) as readonly Readonly<Record<string, unknown>>[];
  const place = rows.findIndex((one) => one["id"] === row.id);
  const first = lines?.fields?.find((field) => field.kind === "reference" || field.kind === "text");
  const title = first === undefined ? null : (rows[place]?.[`${first.key}__title`] ?? rows[place]?.[first.key]);
  return (
    <div className={`history-row is-${row.action}`}>
      <p>
        {t(`row.${row.action}`, { name: label(lines?.name, i18n.language, row.field) })}
        {place < 0 ? null : <span className="history-quiet">{t("rowNow", { number: place + 1, title: typeof title === "string" ? title : "" })}</span>}
      </p>
      <Fields changes={row.fields} fields={lines?.fields ?? []} isNew={row.action === "create"} />
    </div>
  );
}

interface FieldsProps {
  readonly changes: readonly FieldChange[];
  readonly fields: readonly FieldModel[];
  /** The field of the states, and the name of the transition that changed it. */
  readonly state?: string | undefined;
  readonly transition?: string | null;
  /** There was nothing before, so only what came is told. */
  readonly isNew: boolean;
  readonly onTake?: ((field: string, value: unknown, title: unknown) => void) | undefined;
}

function Fields({ changes, fields, state, transition = null, isNew, onTake }: FieldsProps): JSX.Element {
  const { t, i18n } = useTranslation("history");
  return (
    <dl className="history-fields">
      {changes.map((one) => {
        const field = fields.find((known) => known.key === one.field) ?? { key: one.field, kind: "text", name: {} };
        const name = label(field.name, i18n.language, one.field);
        const canTake = onTake !== undefined && field.formula == null && field.read_only !== true && field.kind !== "sequence" && Object.keys(field.name).length > 0;
        return (
          <div key={one.field}>
            <dt>{name}</dt>
            <dd>
              {transition !== null && one.field === state ? <span className="history-transition">{t("transition", { name: transition })}</span> : null}
              {isNew ? null : (
                <>
                  <Shown field={field} value={one.from} title={one.from__files ?? one.from__title} isOld />
                  <span className="history-arrow" aria-label={t("became")} role="img">
                    →
                  </span>
                </>
              )}
              <Shown field={field} value={one.to} title={one.to__files ?? one.to__title} />
              {canTake ? (
                <Button look="text" className="history-take" aria-label={t("takeValue", { name })} title={t("takeValue", { name })} icon="undo" onClick={() => onTake(one.field, one.from, one.from__title)} />
              ) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Shown({ field, value, title, isOld = false }: { readonly field: FieldModel; readonly value: unknown; readonly title: unknown; readonly isOld?: boolean }): JSX.Element {
  const { t, i18n } = useTranslation("history");
  const model = useModel();
  if (isBlank(value)) return <span className="history-blank">{t("blank")}</span>;
  const text = field.kind === "boolean" ? t(value === true ? "yes" : "no") : <ValueText field={field} value={value} title={title} isLinked={holdsFiles(field)} language={i18n.language} zone={zoneOf(model)} />;
  return isOld ? <del>{text}</del> : <ins>{text}</ins>;
}
