/** Says whether what was designed is saved; what could not be saved can be tried again, what was lost is said once. */
import type { JSX } from "react";
import { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { useDesign, useDesignState } from "./DesignContext";
import { entryText } from "./entryText";
import { useTexts } from "./useTexts";

export function SaveState(): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { store, autosave } = useDesign();
  const save = useDesignState((state) => state.save);
  const failure = useDesignState((state) => state.failure);
  const lost = useDesignState((state) => state.lost);
  const stuck = useDesignState((state) => state.stuck);
  return (
    <span className={`save-state save-${save}`}>
      <span role="status">
        {save === "saved" ? <Icon name="check" size={14} /> : null} {t(`save.${save}`)}
        {save === "failed" ? `: ${failure instanceof Problem ? failure.message : t("save.no-answer")}` : ""}
      </span>
      {save === "failed" ? (
        <Button look="text" onClick={() => void autosave.flush()}>
          {t("save.retry")}
        </Button>
      ) : null}
      {stuck === null ? null : (
        <Button look="text" onClick={() => store.getState().forgetLost()}>
          {t("save.stuck", { what: entryText(stuck.label, t, language) })}
        </Button>
      )}
      {lost > 0 ? (
        <Button look="text" onClick={() => store.getState().forgetLost()}>
          {t("save.lost", { count: lost })}
        </Button>
      ) : null}
    </span>
  );
}
