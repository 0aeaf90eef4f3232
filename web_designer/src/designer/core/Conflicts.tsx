/** Shows where own gestures met what somebody else did: element by element, both values, who and when; one decides between them. */
import type { JSX } from "react";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { type Conflict, type Meeting, canBeKept } from "./conflicts";
import { useDesign, useDesignState, useDocument } from "./DesignContext";
import { shownValue } from "./shownValue";
import { useTexts } from "./useTexts";

export function Conflicts(): JSX.Element | null {
  const conflicts = useDesignState((state) => state.conflicts);
  if (conflicts.length === 0) return null;
  return (
    <div className="conflicts">
      {conflicts.map((conflict) => (
        <ConflictNotice key={conflict.gestures.map(({ id }) => id).join()} conflict={conflict} />
      ))}
    </div>
  );
}

function ConflictNotice({ conflict }: { readonly conflict: Conflict }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store } = useDesign();
  const document = useDocument();
  const can = canBeKept(document, conflict);
  return (
    <Notice
      look="warning"
      action={
        <span className="conflict-acts">
          <Button disabled={!can} onClick={() => store.getState().keepMine(conflict)}>
            {t("conflict.mine")}
          </Button>
          <Button onClick={() => store.getState().takeTheirs(conflict)}>{t("conflict.theirs")}</Button>
        </span>
      }
    >
      <ul className="conflict-elements">
        {conflict.meetings.map((meeting) => (
          <MeetingText key={meeting.pointer} meeting={meeting} />
        ))}
      </ul>
      {can ? null : t("conflict.gone")}
    </Notice>
  );
}

function MeetingText({ meeting }: { readonly meeting: Meeting }): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { by, at, reason, theirs, mine } = meeting;
  const who = by?.name || t("conflict.somebody");
  const when = at === null ? "" : showInstant(at, language);
  const hasValues = reason === "changed" && (theirs !== null || mine !== null);
  return (
    <li>
      <strong>{label(meeting.text, language, meeting.pointer)}</strong>
      <span>{t(`conflict.${reason}`, { who, when })}</span>
      {hasValues ? (
        <dl>
          <dt>{t("conflict.value-theirs")}</dt>
          <dd>{shownValue(theirs, language, t)}</dd>
          <dt>{t("conflict.value-mine")}</dt>
          <dd>{shownValue(mine, language, t)}</dd>
        </dl>
      ) : null}
    </li>
  );
}
