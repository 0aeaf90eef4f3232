/** What is in a package: what it is composed of, what it adds, its content hash, and what is in the way of installing it. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Notice } from "@/shared/ui/Notice";
import { FoundList } from "./ProblemList";
import type { PackageDetails } from "./libraryApi";

const PARTS = ["entities", "forms", "views", "menus", "roles", "policies", "seed", "demo"];

export function PackageFacts({ details }: { readonly details: PackageDetails }): JSX.Element {
  const { t, i18n } = useTranslation("library");
  const found = details.issues.map((one) => ({ pointer: one.pointer, text: label(one.message, i18n.language) }));
  const named = (key: string): string => (PARTS.includes(key) ? t(`part.${key}`) : key);
  const counted = (key: string, count: number): string => (PARTS.includes(key) ? t(`count.${key}`, { count }) : `${key}: ${String(count)}`);
  const listed = details.parts.filter((part) => part.elements.length > 0);
  return (
    <>
      {found.length === 0 || details.installed ? null : (
        <Notice look="error">
          {t("inTheWay")}
          <FoundList found={found} />
        </Notice>
      )}
      <h2 className="library-head">{t(details.installed ? "holds" : "adds")}</h2>
      <ul className="library-counts">
        {details.parts.map((part) => (
          <li key={part.part}>{counted(part.part, part.count)}</li>
        ))}
        {details.files === 0 ? null : (
          <li>{t("count.files", { count: details.files })}</li>
        )}
      </ul>
      {listed.map((part) => (
        <details key={part.part} className="library-part">
          <summary>{named(part.part)}</summary>
          <p>{part.elements.map((one) => label(one.name, i18n.language, one.key)).join(t("comma"))}</p>
        </details>
      ))}
      <dl className="library-facts">
        <dt>{t("requires")}</dt>
        <dd>{details.requires.length === 0 ? t("nothing") : details.requires.map((one) => `${one.package} ${one.version}`).join(t("comma"))}</dd>
        {details.packages.length === 0 ? null : (
          <>
            <dt>{t("composedOf")}</dt>
            <dd>{details.packages.map((one) => `${one.package} ${one.version}`).join(t("comma"))}</dd>
          </>
        )}
        <dt>{t("hash")}</dt>
        <dd>
          <code>{details.hash}</code>
        </dd>
      </dl>
    </>
  );
}
