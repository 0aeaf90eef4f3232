/** Shows what one did to this draft, the newest first; a click goes back or forth to that point. Below it, what everybody did. */
import type { JSX } from "react";
import { Icon } from "@/shared/ui/Icon";
import { useDesign, useDesignState } from "./DesignContext";
import { entryText } from "./entryText";
import type { Entry } from "./history";
import { KeptLog } from "./KeptLog";
import { useTexts } from "./useTexts";

export function HistoryPanel(): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { store } = useDesign();
  const past = useDesignState((state) => state.history.past);
  const future = useDesignState((state) => state.history.future);
  const line = (entry: Entry, count: number, isDone: boolean, isCurrent: boolean): JSX.Element => (
    <li key={entry.id}>
      <button
        type="button"
        className={`history-entry ${isDone ? "" : "history-undone"}`}
        aria-current={isCurrent ? "step" : undefined}
        onClick={() => store.getState().goTo(count)}
      >
        <Icon name={isDone ? "check" : "refresh"} size={14} />
        <span>{entryText(entry.label, t, language)}</span>
      </button>
    </li>
  );
  return (
    <section className="design-panel" aria-labelledby="history-title">
      <h2 id="history-title">{t("history")}</h2>
      <ol className="history-list">
        {[...future].reverse().map((entry, index) => line(entry, past.length + future.length - index, false, false))}
        {[...past].reverse().map((entry, index) => line(entry, past.length - index, true, index === 0))}
        <li>
          <button type="button" className="history-entry" aria-current={past.length === 0 ? "step" : undefined} onClick={() => store.getState().goTo(0)}>
            <Icon name="start" size={14} />
            <span>{t("history.opened")}</span>
          </button>
        </li>
      </ol>
      <KeptLog />
    </section>
  );
}
