/**
 * The search over the page: one box, and below it what it finds, the records of the app and its pages; where nothing is typed, what was opened last.
 *
 * It is the browser's own modal window, which keeps the focus inside and gives it back. The box keeps the focus; arrows move a mark in the list.
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState, type JSX, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMatch, useNavigate } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { problemText } from "@/shared/ui/States";
import { readApps, readModel, searchRecords } from "@/shared/api/platform";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { Marked, WordsContext } from "@/shared/ui/Marked";
import { recentOf } from "@/runtime/recent";
import { pagesMeant, pagesOf, type PageEntry, type Spell } from "./pages";
import type { SearchWindowProps } from "./SearchButton";
import "./searchWindow.css";

/** A line of the list: where it leads and what it says. */
interface Entry {
  readonly path: string;
  readonly icon: string;
  readonly title: string;
  readonly piece: string | null;
  readonly kind: string;
}

interface Group {
  readonly key: "recent" | "records" | "pages";
  readonly entries: readonly Entry[];
}

const WAIT_MS = 150;
const MOST_PAGES = 6;
const MOST_RECENT = 8;

export function SearchWindow({ onClose }: SearchWindowProps): JSX.Element {
  const { t, i18n } = useTranslation("search");
  const language = i18n.language;
  const api = useApi();
  const session = useSession();
  const navigate = useNavigate();
  const isPhone = useMedia(PHONE);
  const inApp = useMatch("/apps/:app/*");
  const inDesign = useMatch("/design/:app/*");
  const app = (inApp ?? inDesign)?.params.app;
  const window_ = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [typed, setTyped] = useState("");
  // What an input method has not finished is no word yet.
  const [wanted, setWanted] = useState("");
  const [marked, setMarked] = useState(0);
  const [isAwaited, setAwaited] = useState(false);
  const asked = useDebounced(wanted, WAIT_MS);

  const apps = useQuery({ queryKey: keys.apps, queryFn: () => readApps(api), staleTime: 60_000 });
  const model = useQuery({ queryKey: keys.model(app ?? ""), queryFn: () => readModel(api, app ?? ""), staleTime: 30_000, enabled: app !== undefined });
  const found = useQuery({
    queryKey: ["search", app ?? null, asked],
    queryFn: ({ signal }) => searchRecords(api, app, asked, signal),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  const isSettled = asked === wanted && (asked === "" || (!found.isFetching && !found.isPlaceholderData));
  const spell = useSpell(/[a-z]/i.test(wanted));

  const groups = useMemo((): readonly Group[] => {
    const nameOf = (key: string): string => label(apps.data?.find((one) => one.key === key)?.name, language, key);
    const place = (key: string, kind: string): string => (key === app ? kind : `${nameOf(key)} · ${kind}`);
    const toEntry = (page: PageEntry): Entry => ({ path: page.path, icon: page.icon, title: page.title, piece: null, kind: t(`kind-${page.kind}`) });
    const others = (apps.data ?? []).filter((one) => one.key !== app).map((one): PageEntry => ({ path: `/apps/${one.key}`, title: nameOf(one.key), icon: one.icon ?? "apps", kind: "app" }));
    const pages = pagesMeant([...(app !== undefined && model.data ? pagesOf(model.data, language) : []), ...others], wanted, spell).map(toEntry);
    if (wanted === "") {
      const opened = recentOf(session.user.id)
        .filter((one) => app === undefined || one.app === app)
        .filter((one) => one.path !== window.location.pathname)
        .slice(0, MOST_RECENT)
        .map((one): Entry => ({
          path: one.path,
          icon: one.kind === null ? "list" : "plain",
          title: typeof one.title === "string" ? one.title : label(one.title, language, one.path),
          piece: null,
          kind: place(one.app, one.kind === null ? t("kind-list") : label(one.kind, language)),
        }));
      const rest = pages.filter((page) => page.path !== window.location.pathname && opened.every((one) => one.path !== page.path)).slice(0, opened.length > 0 ? MOST_PAGES : 2 * MOST_PAGES);
      return [{ key: "recent", entries: opened }, { key: "pages", entries: rest }];
    }
    const records = (found.data?.hits ?? []).map((hit): Entry => ({
      path: `/apps/${hit.app}/records/${hit.entity}/${hit.id}`,
      icon: "plain",
      title: hit.title ?? hit.id.slice(0, 8),
      piece: hit.piece,
      kind: place(hit.app, label(hit.label, language, hit.entity)),
    }));
    const some = pages.slice(0, MOST_PAGES);
    // Somebody who types what a page is called wants the page.
    const isNamed = some.some((page) => page.title.toLowerCase().startsWith(wanted.toLowerCase()));
    const both: Group[] = [{ key: "records", entries: records }, { key: "pages", entries: some }];
    return isNamed ? both.reverse() : both;
  }, [apps.data, model.data, found.data, wanted, spell, app, language, session.user.id, t]);
  const entries = groups.flatMap((group) => group.entries);
  const at = Math.min(marked, entries.length - 1);

  useEffect(() => {
    const shown = window_.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [at, entries.length]);

  const want = (text: string): void => {
    setWanted(text.trim());
    setMarked(0);
    setAwaited(false);
  };
  const open = (entry: Entry): void => {
    onClose();
    void navigate(entry.path);
  };
  // Whoever presses Enter before the answer is there gets its first line when it comes.
  const awaited = isAwaited && isSettled ? entries[0]?.path : undefined;
  useEffect(() => {
    if (awaited === undefined) return;
    onClose();
    void navigate(awaited);
  }, [awaited, onClose, navigate]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined && entries.length > 0) {
      event.preventDefault();
      setMarked((at + move + entries.length) % entries.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const entry = entries[at];
      if (!isSettled && marked === 0) setAwaited(true);
      else if (entry !== undefined) open(entry);
    }
  };
  return (
    <dialog
      ref={window_}
      className="search-window"
      aria-label={t("title")}
      onClose={onClose}
      onMouseDown={(event) => (event.target === window_.current ? onClose() : undefined)}
    >
      <div className="search-window-box">
        <Icon name="search" size={18} />
        <input
          type="text"
          role="combobox"
          className="search-window-input"
          aria-label={t("title")}
          aria-expanded={entries.length > 0}
          aria-controls={`${id}list`}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `${id}${at}` : undefined}
          autoComplete="off"
          autoFocus
          enterKeyHint="go"
          maxLength={200}
          placeholder={app === undefined ? t("placeholderAll") : t("placeholder", { app: label(model.data?.name, language, app) })}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            if (!(event.nativeEvent as InputEvent).isComposing) want(event.target.value);
          }}
          onCompositionEnd={(event) => want(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {wanted !== "" && !isSettled ? <span className="spinner" aria-hidden="true" /> : null}
        <button type="button" className="search-window-close" aria-label={t("common:close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <WordsContext value={wanted}>
        <div className="search-window-list" id={`${id}list`} role="listbox" aria-label={t("found")} tabIndex={-1} ref={list}>
          {groups.map((group) =>
            group.entries.length === 0 ? null : (
              <div key={group.key} role="group" aria-labelledby={`${id}${group.key}`}>
                <p className="search-window-group" id={`${id}${group.key}`} role="presentation">
                  {t(group.key)}
                </p>
                {group.entries.map((entry) => {
                  const mine = entries.indexOf(entry);
                  return (
                    <div
                      key={`${group.key} ${entry.path}`}
                      id={`${id}${mine}`}
                      role="option"
                      aria-selected={mine === at}
                      className="search-window-entry"
                      onMouseMove={() => setMarked(mine)}
                      onClick={() => open(entry)}
                    >
                      <Icon name={entry.icon} size={18} />
                      <span className="search-window-text">
                        <span className="search-window-title">
                          <Marked text={entry.title} />
                        </span>
                        {entry.piece === null ? null : (
                          <span className="search-window-piece">
                            <Marked text={entry.piece} />
                          </span>
                        )}
                      </span>
                      <span className="search-window-kind">{entry.kind}</span>
                    </div>
                  );
                })}
              </div>
            ),
          )}
        </div>
      </WordsContext>
      <p className="search-window-note" role="status">
        {noteOf()}
      </p>
    </dialog>
  );

  function noteOf(): string {
    if (found.isError && asked !== "") return problemText(found.error, t);
    const help = isPhone ? "" : t("keys");
    if (wanted === "") return entries.length === 0 ? t("nothingYet") : help;
    if (!isSettled) return t("common:loading");
    if (entries.length === 0) return t("nothing", { words: wanted });
    return found.data?.similar === true ? t("similar", { words: wanted }) : help;
  }
}

/** Returns how Chinese is spelt once somebody types letters and the table of it has been loaded. */
function useSpell(isWanted: boolean): Spell | null {
  const [spell, setSpell] = useState<Spell | null>(null);
  useEffect(() => {
    if (!isWanted || spell !== null) return undefined;
    let isHere = true;
    void import("@/shared/formula/pinyin").then(({ plain }) => (isHere ? setSpell(() => plain.PINYIN) : undefined)).catch(() => undefined);
    return () => {
      isHere = false;
    };
  }, [isWanted, spell]);
  return spell;
}
