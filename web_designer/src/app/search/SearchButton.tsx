/** The button in the bar that opens the search, and the keys that do: Ctrl+K, on a Mac ⌘K. */
import { Suspense, useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/shared/ui/Icon";
import { later } from "@/shared/ui/later";

export interface SearchWindowProps {
  readonly onClose: () => void;
}

const SearchWindow = later<SearchWindowProps>(
  async () => (await import("./SearchWindow")).SearchWindow,
  () => <></>,
);

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function SearchButton(): JSX.Element {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isMeant = (IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isMeant || event.key.toLowerCase() !== "k" || event.isComposing) return;
      event.preventDefault(); // the browser's own search would open
      // What somebody is asked in a window must be answered first.
      if (document.querySelector("[aria-modal='true']:not([aria-hidden='true'])") === null) setOpen(true);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  const keys = IS_MAC ? "⌘K" : "Ctrl K";
  return (
    <>
      <button type="button" className="top-search" aria-haspopup="dialog" aria-label={t("search")} aria-keyshortcuts={IS_MAC ? "Meta+K" : "Control+K"} onClick={() => setOpen(true)}>
        <Icon name="search" />
        <span className="top-search-text">{t("search")}</span>
        <kbd className="top-search-keys">{keys}</kbd>
      </button>
      <Suspense>{isOpen ? <SearchWindow onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}
