/** Shows what in an app is its own: elements of packages that were changed here, and elements that were added here. */
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { useApi } from "@/shared/api/context";
import { Failed, Loading } from "@/shared/ui/States";
import { describe } from "../core/describe";
import type { AppDocument } from "../core/doc";
import { readDraft } from "../core/draftApi";
import type { Draft } from "../core/store";
import { type Texts, useTexts } from "../core/useTexts";
import { type Provenance, readProvenance } from "./upgradeApi";

type Found = readonly [Draft, Readonly<Record<string, Provenance>>];

export function Origins({ app }: { readonly app: string }): JSX.Element {
  const { t } = useTexts("designer.upgrade");
  const api = useApi();
  const found = useQuery({
    queryKey: ["design", app, "provenance"],
    queryFn: async (): Promise<Found> => [await readDraft(api, app), await readProvenance(api, app)],
    gcTime: 0,
  });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const [draft, elements] = found.data;
  const entries = Object.entries(elements);
  const added = entries.filter(([pointer, one]) => one.package === null && !isInside(pointer, elements));
  const changed = entries.filter(([, one]) => one.changed);
  return (
    <section className="publish-part" aria-labelledby="origins-title">
      <h2 id="origins-title">{t("origins")}</h2>
      <p className="design-hint">{t("origins.hint", { count: entries.filter(([, one]) => one.package !== null).length })}</p>
      <OriginList title={t("origins.changed", { count: changed.length })} entries={changed} document={draft.document} t={t} />
      <OriginList title={t("origins.added", { count: added.length })} entries={added} document={draft.document} t={t} />
    </section>
  );
}

/** Whether an element lies in one that was added here too, which says it all. */
function isInside(pointer: string, elements: Readonly<Record<string, Provenance>>): boolean {
  const owner = pointer.split("/").slice(0, -2).join("/");
  return elements[owner]?.package === null;
}

interface ListProps {
  readonly title: string;
  readonly entries: readonly (readonly [string, Provenance])[];
  readonly document: AppDocument;
  readonly t: Texts;
}

function OriginList({ title, entries, document, t }: ListProps): JSX.Element {
  const { language } = useTexts("designer.upgrade");
  return (
    <details className="upgrade-merged">
      <summary>{title}</summary>
      <ul className="upgrade-records">
        {entries.map(([pointer, one]) => (
          <li key={pointer}>
            {describe(document, pointer, language)}
            {one.package === null ? null : <span className="upgrade-stand-when"> {t("from", { package: one.package, version: one.version ?? "" })}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
