/** A button on a record that opens the question who may do what with it; the window comes when it is asked for. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import type { EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { AccessDialog } from "./AccessDialog";

export type AskAccessProps = { readonly entity: EntityModel; readonly record: string; readonly title: string };

export default function AskAccess(props: AskAccessProps): JSX.Element {
  const { t } = useTranslation("access");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("ask")}</Button>
      {isOpen ? <AccessDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
