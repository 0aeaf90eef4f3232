/** What the server does with an import at the moment: how far it is, and the way to stop it. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import type { ImportState } from "@/shared/api/imports";
import { showCount } from "@/shared/format/numbers";
import { Button } from "@/shared/ui/Button";

export function Doing({ found, onCancel }: { readonly found: ImportState; readonly onCancel: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const part = found.total > 0 ? Math.min(1, found.done / found.total) : null;
  return (
    <section className="import-part import-doing" aria-busy="true">
      <h2 id="import-doing">{t(`doing.${found.state}`)}</h2>
      <progress aria-labelledby="import-doing" max={1} {...(part === null ? {} : { value: part })} />
      <p className="import-help" role="status">
        {part === null ? found.file_name : t("percent", { percent: showCount(Math.floor(part * 100), i18n.language), file: found.file_name })}
      </p>
      <Button onClick={onCancel}>{t("stop")}</Button>
      {found.state === "writing" ? <p className="import-help">{t("stopHelp")}</p> : null}
    </section>
  );
}
