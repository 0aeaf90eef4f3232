/** Links that an administrator hands on: shown once, with whom each is for. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { useToast } from "@/shared/ui/Toasts";
import type { Invited } from "./peopleApi";

export function InviteLinks({ links }: { readonly links: readonly Invited[] }): JSX.Element {
  const { t } = useTranslation("people");
  const toast = useToast();
  const text = links.map((one) => `${one.name} <${one.email}>\n${one.link ?? ""}`).join("\n\n");
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  };
  return (
    <div className="people-links">
      <Notice look="warning" action={<Button icon="copy" onClick={() => void copy()}>{t("copyAll")}</Button>}>
        {t("linksHelp")}
      </Notice>
      <dl>
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
