/** The bar above a list: its name and size, search, filter, jumps, and the way to a new record. */
import { useEffect, useState, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { showCount } from "@/shared/format/numbers";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { Menu, type MenuEntry } from "@/shared/ui/Menu";
import { from } from "../cameFrom";

export interface ListBarProps {
  readonly title: string;
  readonly total: number | null;
  readonly isExact: boolean;
  readonly search: string;
  readonly filterCount: number;
  /** The fields one can group by, and the one that is. */
  readonly groups: readonly MenuEntry[];
  /** Whether the facets are shown; none where there are no fields for them. */
  readonly isFaceted?: boolean;
  readonly createLink?: string;
  /** Name of the field one can jump by. */
  readonly jumpName?: string;
  /** Further entries of the menu: what else there is about these records. */
  readonly others: readonly MenuEntry[];
  readonly onSearch: (search: string) => void;
  readonly onFilter: () => void;
  /** What lists of some entities have besides, such as the way to try a decision table. */
  readonly extra?: ReactNode;
  readonly onFacets: () => void;
  readonly onJump: (where: "start" | "end" | "value") => void;
  readonly onReload: () => void;
  readonly onCount: () => void;
  /** What else can be done with the list: take it out as a file, bring records in. */
  readonly more: readonly MenuEntry[];
}

const SEARCH_WAIT_MS = 300;

export function ListBar(props: ListBarProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const { search, onSearch } = props;
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null || typed.trim() === search) return undefined;
    const timer = window.setTimeout(() => onSearch(typed.trim()), SEARCH_WAIT_MS);
    return () => window.clearTimeout(timer);
  }, [typed, search, onSearch]);
  const count = props.total === null ? null : showCount(props.total, i18n.language);
  const jumps: MenuEntry[] = [
    { key: "start", text: t("toStart"), onPick: () => props.onJump("start") },
    { key: "end", text: t("toEnd"), onPick: () => props.onJump("end") },
    ...(props.jumpName === undefined ? [] : [{ key: "value", text: t("toValue", { name: props.jumpName }), onPick: () => props.onJump("value") }]),
    ...props.others,
  ];
  return (
    <header className="page-head list-bar">
      <div className="page-title">
        <h1>{props.title}</h1>
        {count === null ? null : props.isExact ? (
          <span className="list-total">{t("total", { count: props.total ?? 0, shown: count })}</span>
        ) : (
          <button type="button" className="list-total link" title={t("countExactly")} onClick={props.onCount}>
            {t("totalAbout", { shown: count })}
          </button>
        )}
        {props.extra}
      </div>
      <div className="list-search">
        <Icon name="search" />
        <input
          type="search"
          className="input"
          aria-label={t("search")}
          placeholder={t("search")}
          value={typed ?? search}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => (event.key === "Enter" ? onSearch((typed ?? search).trim()) : undefined)}
          onBlur={() => (typed !== null && typed.trim() === search ? setTyped(null) : undefined)}
        />
      </div>
      <div className="page-acts">
        <Button icon="filter" aria-pressed={props.filterCount > 0} onClick={props.onFilter}>
          {props.filterCount > 0 ? t("filterCount", { count: props.filterCount }) : t("filter")}
        </Button>
        {props.isFaceted === undefined ? null : (
          <Button icon="list" aria-pressed={props.isFaceted} aria-label={t("facets")} title={t("facets")} onClick={props.onFacets} />
        )}
        {props.groups.length === 0 ? null : <Menu label={t("group")} side="end" icon="org" entries={props.groups} />}
        <Menu
          className="list-jump"
          label={t("jump")}
          side="end"
          icon="jump"
          entries={jumps}
        />
        <Button icon="refresh" aria-label={t("reload")} title={t("reload")} onClick={props.onReload} />
        {props.more.length > 0 ? <Menu className="list-more" label={t("more")} side="end" icon="more" entries={props.more} /> : null}
        {props.createLink === undefined ? null : (
          <ButtonLink look="primary" icon="add" to={props.createLink} state={from("list")}>
            {t("create")}
          </ButtonLink>
        )}
      </div>
    </header>
  );
}
