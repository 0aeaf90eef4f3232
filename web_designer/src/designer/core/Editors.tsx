/** Says who else has the draft open now. */
import type { JSX } from "react";
import { useSession } from "@/shared/api/context";
import { Person } from "@/shared/renderer/Initials";
import { useDesignState } from "./DesignContext";
import { useTexts } from "./useTexts";

export function Editors(): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const { user } = useSession();
  const editors = useDesignState((state) => state.editors);
  const others = editors.filter(({ id }) => id !== user.id);
  if (others.length === 0) return null;
  return (
    <span className="editors" role="status" aria-label={t("editors")} title={t("editors")}>
      {others.map(({ id, name }) => (
        <Person key={id} name={name} />
      ))}
    </span>
  );
}
