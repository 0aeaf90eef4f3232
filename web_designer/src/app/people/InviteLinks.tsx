/** Links that an administrator hands on: shown once, with whom each is for. */
import { useRef, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { copyText, selectText } from "@/shared/ui/copyText";
import { Notice } from "@/shared/ui/Notice";
import { useToast } from "@/shared/ui/Toasts";
import type { Invited } from "./peopleApi";

export function InviteLinks({ links }: { readonly links: readonly Invited[] }): JSX.Element {
  const { t } = useTranslation("people");
  const toast = useToast();
  const list = useRef<HTMLDListElement>(null);
  const text = links.map((one) => `${one.name} <${one.email}>\n${one.link ?? ""}`).join("\n\n");
  const copy = async (): Promise<void> => {
    if (await copyText(text)) toast(t("copied"));
    else selectText(list.current);
  };
  return (
    <div className="people-links">
      <Notice look="warning" action={<Button icon="copy" onClick={() => void copy()}>{t("copyAll")}</Button>}>
        {t("linksHelp")}
      </Notice>
      <dl ref={list}>
        {links.map((one) => (
          <div key={one.id}>
            <dt>
              {one.name} <span className="people-quiet">{one.email}</span>
            </dt>
            <dd>
              <code>{one.link}</code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
