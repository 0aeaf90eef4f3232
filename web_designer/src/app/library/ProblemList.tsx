/** What was wrong with something that was sent: one line, or each thing with its place. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/shared/api/problem";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";

const MOST = 20;

export interface Found {
  readonly pointer: string;
  readonly text: string;
}

export function ProblemNotice({ error }: { readonly error: unknown }): JSX.Element {
  const { t } = useTranslation("library");
  const found = error instanceof Problem ? error.errors.map((one) => ({ pointer: one.pointer ?? "", text: one.detail })) : [];
  return (
    <Notice look="error">
      {problemText(error, (key) => t(`common:${key}`))}
      <FoundList found={found} />
    </Notice>
  );
}

export function FoundList({ found }: { readonly found: readonly Found[] }): JSX.Element | null {
  const { t } = useTranslation("library");
  if (found.length === 0) return null;
  return (
    <ul className="library-problems">
      {found.slice(0, MOST).map((one, index) => (
        <li key={`${one.pointer} ${String(index)}`}>
          {one.text} {one.pointer === "" ? null : <code>{one.pointer}</code>}
        </li>
      ))}
      {found.length > MOST ? <li>{t("more", { count: found.length - MOST })}</li> : null}
    </ul>
  );
}
