/** Handing over somebody's work: who takes it, at which fields, what that came to; numbers come first, then the records change. */
import { useQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { handOver, peopleKeys, previewHandOver, readPeople, type HandedEntity, type HandOverFilters, type HandOverPlace } from "./organizationApi";

/** Fields that say something of the person rather than give them work; they are not chosen by themselves. */
const NOT_WORK = /^organization\.(group\.members|delegation\.)/;

interface DialogProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

export function HandOverDialog({ id, name, onClose }: DialogProps): JSX.Element {
  const { t } = useTranslation("organization");
  const api = useApi();
  const [taker, setTaker] = useState<{ readonly key: string; readonly label: string } | null>(null);
  const [openOnly, setOpenOnly] = useState(true);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [done, setDone] = useState<readonly HandedEntity[] | null>(null);
  const [filters, setFilters] = useState<HandOverFilters>({});
  const places = useQuery({
    queryKey: peopleKeys.places(id, openOnly, filters),
    queryFn: () => previewHandOver(api, id, openOnly, filters),
    placeholderData: (before) => before,
    retry: false,
    staleTime: 0,
  });
  // Where a condition leaves nothing it can still be taken back.
  const found = (places.data ?? []).filter((one) => (one.count ?? 0) > 0 || filters[entityOf(one)] !== undefined);
  const filter = (key: string, text: string): void => setFilters(({ [key]: _, ...others }) => (text.trim() === "" ? others : { ...others, [key]: text.trim() }));
  const isChosen = (one: HandOverPlace): boolean => NOT_WORK.test(one.key) === turned.has(one.key);
  const chosen = found.filter(isChosen);
  const turn = (key: string): void => setTurned((now) => new Set(now.has(key) ? [...now].filter((one) => one !== key) : [...now, key]));
  const run = async (): Promise<void> => {
    if (taker === null) return;
    setBusy(true);
    setRefusal(null);
    try {
      setDone(await handOver(api, id, taker.key, chosen.map((one) => one.key), openOnly, filters));
    } catch (problem) {
      setRefusal(problemText(problem, t));
    }
    setBusy(false);
  };
  if (done !== null) return <Outcome done={done} onClose={onClose} />;
  return (
    <Dialog
      title={t("handOverOf", { name })}
      place="side"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" isBusy={isBusy} disabled={taker === null || chosen.length === 0 || places.isError} onClick={() => void run()}>
            {t("handOverRun", { count: chosen.reduce((sum, one) => sum + (one.count ?? 0), 0) })}
          </Button>
        </>
      }
    >
      <div className="hand-over">
        {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
        <label htmlFor="hand-over-to">{t("handOverTo")}</label>
        <Taker id={id} taker={taker} onPick={setTaker} />
        <label className="hand-over-check">
          <input type="checkbox" checked={openOnly} onChange={(event) => setOpenOnly(event.target.checked)} /> {t("openOnly")}
        </label>
        {places.isPending ? <Loading /> : null}
        {places.isError ? <Failed error={places.error} onRetry={() => void places.refetch()} /> : null}
        {places.isSuccess && found.length === 0 ? <p className="people-quiet">{t("nothingToHandOver")}</p> : null}
        <Places places={found} isChosen={isChosen} onTurn={turn} filters={filters} onFilter={filter} />
        {(places.data ?? []).some((one) => one.count === null) ? <p className="people-quiet">{t("notYours")}</p> : null}
      </div>
    </Dialog>
  );
}

const entityOf = (one: HandOverPlace): string => `${one.app}.${one.entity}`;

/** Finds people who may sign in by their name or e-mail; a press on one chooses them, but not while others are about to take their places. */
function Taker({ id, taker, onPick }: { readonly id: string; readonly taker: { readonly key: string; readonly label: string } | null; readonly onPick: (taker: { readonly key: string; readonly label: string } | null) => void }): JSX.Element {
  const { t } = useTranslation("organization");
  const api = useApi();
  const [search, setSearch] = useState("");
  const people = useQuery({
    queryKey: ["people", "takers", search],
    queryFn: () => readPeople(api, "user", { filter: "active", search, sort: "name", fields: ["name", "email"], limit: 8 }),
    placeholderData: (before) => before,
  });
  const offered = (people.data?.records ?? []).filter((one) => one.id !== id);
  return (
    <div className="hand-over-taker">
      <input id="hand-over-to" className="input" type="search" autoComplete="off" placeholder={t("search")} value={search} onChange={(event) => setSearch(event.target.value)} />
      <div role="radiogroup" aria-label={t("handOverTo")}>
        {offered.map((one) => (
          <label key={one.id} className="hand-over-check">
            <input type="radio" name="hand-over-taker" disabled={people.isPlaceholderData} checked={taker?.key === one.id} onChange={() => onPick({ key: one.id, label: String(one.name) })} />
            <span>
              {String(one.name)} <span className="people-quiet">{String(one.email)}</span>
            </span>
          </label>
        ))}
      </div>
      {people.isSuccess && offered.length === 0 ? <p className="people-quiet">{t("nobody")}</p> : null}
    </div>
  );
}

interface PlacesProps {
  readonly places: readonly HandOverPlace[];
  readonly isChosen: (one: HandOverPlace) => boolean;
  readonly onTurn: (key: string) => void;
  readonly filters: HandOverFilters;
  readonly onFilter: (key: string, text: string) => void;
}

function Places({ places, isChosen, onTurn, filters, onFilter }: PlacesProps): JSX.Element {
  const { t, i18n } = useTranslation("organization");
  const isFirst = (one: HandOverPlace, at: number): boolean => places.findIndex((other) => entityOf(other) === entityOf(one)) === at;
  return (
    <ul className="hand-over-places">
      {places.map((one, at) => (
        <li key={one.key}>
          <label className="hand-over-check">
            <input type="checkbox" checked={isChosen(one)} onChange={() => onTurn(one.key)} />
            <span>
              {label(one.entity_name, i18n.language, one.entity)} › {label(one.field_name, i18n.language, one.field)}
              <span className="people-quiet"> {label(one.app_name, i18n.language, one.app)}</span>
            </span>
            <span className="hand-over-count">{one.count}</span>
          </label>
          {isFirst(one, at) ? <Filter name={label(one.entity_name, i18n.language, one.entity)} text={filters[entityOf(one)] ?? ""} placeholder={t("filterExample")} onFilter={(text) => onFilter(entityOf(one), text)} /> : null}
        </li>
      ))}
    </ul>
  );
}

/** A condition on the records of an entity, as a formula; it counts when the box is left or with Enter. */
function Filter({ name, text, placeholder, onFilter }: { readonly name: string; readonly text: string; readonly placeholder: string; readonly onFilter: (text: string) => void }): JSX.Element {
  const { t } = useTranslation("organization");
  return (
    <details className="hand-over-filter" open={text !== ""}>
      <summary>{t("filterOnly")}</summary>
      <input
        className="input"
        aria-label={t("filterOf", { name })}
        placeholder={placeholder}
        defaultValue={text}
        autoComplete="off"
        spellCheck={false}
        onBlur={(event) => onFilter(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onFilter(event.currentTarget.value);
        }}
      />
    </details>
  );
}

function Outcome({ done, onClose }: { readonly done: readonly HandedEntity[]; readonly onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("organization");
  return (
    <Dialog title={t("handedOver")} place="side" onClose={onClose} footer={<Button look="primary" onClick={onClose}>{t("common:close")}</Button>}>
      <ul className="hand-over-places">
        {done.map((one) => (
          <li key={`${one.app}.${one.entity}`}>
            <p>
              <strong>{label(one.entity_name, i18n.language, one.entity)}</strong>: {t("changed", { count: one.changed })}{" "}
              {one.change_set === null ? null : <Link to={`/apps/${one.app}/changes`}>{t("undoThere")}</Link>}
            </p>
            {one.left_count === 0 ? null : <Notice look="warning">{t("left", { count: one.left_count })}</Notice>}
            <ul className="hand-over-left">
              {one.left.map((record) => (
                <li key={record.id}>
                  <Link to={`/apps/${one.app}/records/${one.entity}/${record.id}`}>{record.title}</Link>: {record.errors.map((error) => error.detail).join("; ")}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
