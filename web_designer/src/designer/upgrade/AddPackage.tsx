/** Offers the packages of the library that an app has not got, and shows what installing one into it would do. */
import { useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readLibrary } from "@/shared/api/platform";
import { label } from "@/shared/i18n/label";
import { Failed, Loading } from "@/shared/ui/States";
import { useTexts } from "../core/useTexts";
import { PlannedUpgrade } from "./PlannedUpgrade";

const ORGANIZATION = "organization";

export function AddPackage({ app, there }: { readonly app: string; readonly there: readonly string[] }): JSX.Element | null {
  const { t, language } = useTexts("designer.upgrade");
  const api = useApi();
  const found = useQuery({ queryKey: keys.library, queryFn: () => readLibrary(api) });
  const [key, setKey] = useState("");
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const others = found.data.filter((one) => one.key !== ORGANIZATION && !there.includes(one.key));
  const chosen = others.find((one) => one.key === key);
  if (others.length === 0) return null;
  return (
    <>
      <section className="publish-part" aria-labelledby="add-title">
        <h2 id="add-title">{t("add")}</h2>
        <div className="upgrade-add">
          <label htmlFor="add-package">{t("add.package")}</label>
          <select id="add-package" className="input" value={key} onChange={(event) => setKey(event.target.value)}>
            <option value="">{t("add.none")}</option>
            {others.map((one) => (
              <option key={one.key} value={one.key}>
                {label(one.name, language, one.key)} {one.version}
              </option>
            ))}
          </select>
        </div>
        <p className="design-hint">{t("add.hint")}</p>
      </section>
      {chosen === undefined ? null : <PlannedUpgrade key={chosen.key} app={app} act="packages" package={chosen.key} version={chosen.version} />}
    </>
  );
}
