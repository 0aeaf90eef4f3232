/** Shows what differs between two documents, by kind of element: each property as it was and as it is, and what uses the element. */
import { useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { problemTitle } from "@/shared/ui/States";
import { useTexts } from "../core/useTexts";
import { type Compared, type Difference, type Property, readUses } from "./versionApi";

const SIGNS = { added: "add", changed: "edit", removed: "trash", renamed: "edit", moved: "move", ordered: "move" } as const;
const LOOKS = { added: "added", changed: "changed", removed: "removed", renamed: "changed", moved: "changed", ordered: "changed" } as const;
const USED = new Set(["entities", "forms", "views", "roles"]);

/** `from` and `to` are the versions: a number, `active` or `draft`. */
export function Differences({ app, from, to, compared }: { readonly app: string; readonly from: string; readonly to: string; readonly compared: Compared }): JSX.Element {
  const { t, language } = useTexts("designer.versions");
  if (compared.count === 0) return <p className="design-hint">{t("same")}</p>;
  return (
    <div className="differences">
      {compared.groups.map((group) => (
        <section key={group.key} aria-label={label(group.name, language, group.key)}>
          <h3>
            {label(group.name, language, group.key)} <span className="difference-count">{group.changes.length}</span>
          </h3>
          <ul>
            {group.changes.map((change) => (
              <li key={`${change.kind}:${change.pointer}`} data-kind={change.kind}>
                <p className="difference-head">
                  <span className={`change-sign change-${LOOKS[change.kind]}`}>
                    <Icon name={SIGNS[change.kind]} size={14} /> {t(`kind.${change.kind}`)}
                  </span>
                  <span>{label(change.text, language, change.pointer)}</span>
                </p>
                <Properties change={change} />
                {USED.has(group.key) ? <Uses app={app} change={change} version={change.kind === "removed" ? from : to} /> : null}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Properties({ change }: { readonly change: Difference }): JSX.Element | null {
  const { language } = useTexts("designer.versions");
  if (change.properties.length === 0) return null;
  return (
    <dl className="difference-properties">
      {change.properties.map((property) => (
        <div key={label(property.name, language)}>
          <dt>{label(property.name, language)}</dt>
          <dd>
            <Values property={property} kind={change.kind} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Values({ property, kind }: { readonly property: Property; readonly kind: Difference["kind"] }): JSX.Element {
  const { t, language } = useTexts("designer.versions");
  const told = (value: Property["before"]): string => (value === null ? t("nothing") : label(value, language));
  if (kind === "added") return <ins>{told(property.after)}</ins>;
  if (kind === "removed") return <del>{told(property.before)}</del>;
  return (
    <>
      {property.before === null ? told(null) : <del>{told(property.before)}</del>} <span aria-label={t("becomes")}>→</span> <ins>{told(property.after)}</ins>
    </>
  );
}

/** What uses the element, asked for when it is unfolded. */
function Uses({ app, change, version }: { readonly app: string; readonly change: Difference; readonly version: string }): JSX.Element {
  const { t, language } = useTexts("designer.versions");
  const api = useApi();
  const [isOpen, setOpen] = useState(false);
  const found = useQuery({ queryKey: ["design", app, "uses", version, change.pointer], queryFn: () => readUses(api, app, change.pointer, version), enabled: isOpen });
  return (
    <details className="difference-uses" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("uses")}</summary>
      {found.isError ? <p role="alert">{problemTitle(found.error, t)}</p> : null}
      {found.data?.length === 0 ? <p className="design-hint">{t("uses.none")}</p> : null}
      <ul>
        {(found.data ?? []).map((use) => (
          <li key={`${use.app}${use.pointer}`}>
            {label(use.text, language, use.pointer)}
            {use.app === app ? null : ` (${use.app})`}
          </li>
        ))}
      </ul>
    </details>
  );
}
