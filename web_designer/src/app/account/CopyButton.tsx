/** Copies a text that is shown only once; where the browser does not let it, shows the text selected, to be copied by hand. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { copyText, selectText } from "@/shared/ui/copyText";

export function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const { t } = useTranslation("account");
  const [came, setCame] = useState<boolean | null>(null);
  if (came === false) return <input className="input" readOnly aria-label={t("copy")} value={text} ref={selectText} onFocus={(event) => event.currentTarget.select()} autoFocus />;
  return (
    <Button icon={came === true ? "check" : "copy"} onClick={() => void copyText(text).then(setCame)}>
      {t(came === true ? "copied" : "copy")}
    </Button>
  );
}
