/** The list on a phone: a card per record, loading on as one scrolls. */
import { useEffect, useLayoutEffect, useRef, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { RecordJson } from "@/shared/api/records";
import { label } from "@/shared/i18n/label";
import { isBlank } from "@/shared/renderer/fieldValues";
import type { FieldModel } from "@/shared/renderer/types";
import { beside } from "@/shared/renderer/pointing";
import { ValueText } from "@/shared/renderer/ValueText";
import { Button } from "@/shared/ui/Button";
import { from } from "../cameFrom";

export interface CardListProps {
  readonly label: string;
  readonly zone: string | undefined;
  readonly fields: readonly FieldModel[];
  readonly titleKey: string | null;
  readonly rows: readonly RecordJson[];
  readonly link: (row: RecordJson) => string;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
  readonly shift: number;
  readonly round: number;
  readonly anchor: "start" | "end" | number;
  readonly onScroll: (scrollTop: number) => void;
  /** While records are being selected: which are, and how one is. */
  readonly selection: { readonly has: (id: string) => boolean; readonly toggle: (id: string, isRange: boolean) => void; readonly label: (row: RecordJson) => string } | null;
}

export function CardList(props: CardListProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const { rows, titleKey, hasNext, onNext } = props;
  const box = useRef<HTMLDivElement>(null);
  const bottom = useRef<HTMLDivElement>(null);
  const placed = useRef(-1);
  const heightBefore = useRef(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || rows.length === 0) return;
    if (placed.current !== props.round) {
      placed.current = props.round;
      element.scrollTop = props.anchor === "start" ? 0 : props.anchor === "end" ? element.scrollHeight : props.anchor;
    } else if (props.shift > 0) element.scrollTop += element.scrollHeight - heightBefore.current;
    heightBefore.current = element.scrollHeight;
    // Only new rows move what is on screen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows]);
  useEffect(() => {
    const element = bottom.current;
    if (element === null || !hasNext) return undefined;
    const observer = new IntersectionObserver(([entry]) => (entry?.isIntersecting === true ? onNext() : undefined), { root: box.current, rootMargin: "600px" });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNext, onNext, rows.length]);

  const title = props.fields.find((field) => field.key === titleKey);
  const mark = props.fields.find((field) => field.kind === "choice" && field.key !== titleKey);
  const others = props.fields.filter((field) => field.key !== titleKey && field !== mark);
  return (
    <div className="cards" ref={box} onScroll={(event) => props.onScroll(event.currentTarget.scrollTop)}>
      {props.hasPrevious ? (
        <Button look="text" icon="up" onClick={props.onPrevious}>
          {t("earlier")}
        </Button>
      ) : null}
      <ul className="cards-list" aria-label={props.label}>
        {rows.map((row) => (
          <li key={row.id} className={props.selection === null ? "card" : "card is-picking"}>
            {props.selection === null ? null : (
              <label className="card-pick">
                <input type="checkbox" aria-label={props.selection.label(row)} checked={props.selection.has(row.id)} onChange={() => props.selection?.toggle(row.id, false)} />
              </label>
            )}
            <Link to={props.link(row)} state={from("list")} className="card-link">
              <span className="card-head">
                <span className="card-title">
                {title && !isBlank(row[title.key]) ? (
                  <ValueText field={title} value={row[title.key]} title={beside(row, title)} language={i18n.language} zone={props.zone} />
                ) : (
                  row.id.slice(0, 8)
                )}
                </span>
                {mark ? <ValueText field={mark} value={row[mark.key]} language={i18n.language} /> : null}
              </span>
              <dl className="card-fields">
                {others.map((field) =>
                  isBlank(row[field.key]) ? null : (
                    <div key={field.key} className={field.kind === "reference" && field === others[0] ? "card-field is-wide" : "card-field"}>
                      <dt>{label(field.name, i18n.language, field.key)}</dt>
                      <dd>
                        <ValueText field={field} value={row[field.key]} title={beside(row, field)} error={row[`${field.key}__error`]} language={i18n.language} zone={props.zone} />
                      </dd>
                    </div>
                  ),
                )}
              </dl>
            </Link>
          </li>
        ))}
      </ul>
      <div ref={bottom} className="cards-end">
        {hasNext ? <span className="spinner" aria-hidden="true" /> : null}
      </div>
    </div>
  );
}
