/** Copies a text that is shown only once. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";

export function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const { t } = useTranslation("account");
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Button icon={isCopied ? "check" : "copy"} onClick={() => void copy()}>
      {t(isCopied ? "copied" : "copy")}
    </Button>
  );
}
