/** Says where an element comes from: a package, changed here or not, or made here; each change can be put back to what the package has. */
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDesignState } from "../../core/DesignContext";
import { type Keyed, type Pointer, find } from "../../core/doc";
import { type Changed, originOf, readOrigins } from "../../core/origins";
import { shownValue } from "../../core/shownValue";
import { useTexts } from "../../core/useTexts";
import { setProperty } from "../gestures";

/** What decides how an element is stored goes back with the element alone. */
const STAYS: ReadonlySet<string> = new Set(["kind"]);

export function OriginPart({ pointer }: { readonly pointer: Pointer }): JSX.Element | null {
  const { t, language } = useTexts("designer.form");
  const { app, store } = useDesign();
  const api = useApi();
  const version = useDesignState((state) => state.baseVersion);
  const element = useDesignState((state) => find(state.history.document, pointer)) as Keyed | undefined;
  // All of an entity, or of a form, is asked for at once: one looks at one after the other.
  const whole = pointer.split("/").slice(0, 3).join("/");
  const found = useQuery({ queryKey: ["design", app, "origins", whole, version], queryFn: () => readOrigins(api, app, [whole]), staleTime: Infinity, gcTime: 0 });
  if (found.data === undefined || element === undefined || Object.keys(found.data.packages).length === 0) return null;
  const origin = originOf(found.data, pointer, element);
  if (origin === null) return <p className="origin">{t("origin.here")}</p>;
  const parts = { package: label(found.data.packages[origin.package]?.name, language, origin.package), version: origin.version };
  if (origin.changed.length === 0) return <p className="origin">{t("origin.package", parts)}</p>;
  return (
    <details className="origin">
      <summary>{t("origin.changed", parts)}</summary>
      <ul>
        {origin.changed.map((one) => (
          <ChangedLine key={`${one.property} ${one.language ?? ""}`} changed={one} onBack={() => void store.getState().execute(setProperty(store.getState().history.document, pointer, one.property, one.whole))} />
        ))}
      </ul>
    </details>
  );
}

function ChangedLine({ changed, onBack }: { readonly changed: Changed; readonly onBack: () => void }): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const key = `property.${changed.property}${changed.language === null ? "" : `.${changed.language}`}`;
  const known = t(key);
  const name = known === key ? changed.property : known;
  return (
    <li>
      <span>{t("origin.was", { property: name, value: shownValue(changed.before, language, t) })}</span>
      {STAYS.has(changed.property) ? null : (
        <Button look="text" icon="undo" aria-label={t("origin.back-of", { property: name })} onClick={onBack}>
          {t("origin.back")}
        </Button>
      )}
    </li>
  );
}
