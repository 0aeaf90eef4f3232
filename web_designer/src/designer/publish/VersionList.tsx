/** Lists the published versions of an app, the newest first, and says which is in use. */
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { useApi, useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { Failed, Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { readVersions } from "../core/draftApi";
import { useTexts } from "../core/useTexts";

export function VersionList({ app }: { readonly app: string }): JSX.Element {
  const { t, language } = useTexts("designer.publish");
  const api = useApi();
  const { time_zone: zone } = useSession();
  const found = useQuery({ queryKey: ["design", app, "versions"], queryFn: () => readVersions(api, app) });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const versions = [...found.data].sort((a, b) => b.number - a.number);
  return (
    <ol className="version-list">
      {versions.map((version) => (
        <li key={version.number} value={version.number}>
          <strong>{t("version", { number: version.number })}</strong> {version.active ? <Tag color="green">{t("active")}</Tag> : null}
          <span className="version-when">
            {showInstant(version.published_at, language, zone)} {version.author ?? ""}
          </span>
          {version.note ? <p>{version.note}</p> : null}
        </li>
      ))}
    </ol>
  );
}
