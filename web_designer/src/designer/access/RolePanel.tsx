/** A role beside the matrix: its name in each language, what it may do with the app itself, and how to take it away. */
import type { JSX } from "react";
import { LANGUAGES } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDocument } from "../core/DesignContext";
import { pointerOf } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { Group, SwitchControl, TextControl } from "../form/panel/controls";
import { useEdit } from "../form/panel/useEdit";
import { MAY, removeRole, rolesOf } from "./policies";

export function RolePanel({ role: key, onGone }: { readonly role: string; readonly onGone: () => void }): JSX.Element | null {
  const { t } = useTexts("designer.access");
  const { store } = useDesign();
  const document = useDocument();
  const edit = useEdit(pointerOf("roles", key));
  const role = rolesOf(document).find((one) => one.key === key);
  if (role === undefined) return null;
  const may = role.may ?? [];
  return (
    <section className="design-panel" aria-label={t("role")}>
      <h2>{t("role")}</h2>
      {role.locked ? <Notice look="info">{t("locked")}</Notice> : null}
      {(document.languages ?? LANGUAGES).map((language) => (
        <TextControl
          key={language}
          name={`name-${language}`}
          title={t(`name.${language}`)}
          language={language}
          value={role.name[language] ?? ""}
          isDisabled={role.locked === true}
          onChange={(text) => edit.typeLabel("name", language, text)}
          onLeave={edit.leave}
        />
      ))}
      <p className="design-hint">{t("key", { key })}</p>
      <Group title={t("may")}>
        {MAY.map((act) => (
          <SwitchControl
            key={act}
            title={t(`may.${act}`)}
            value={may.includes(act)}
            isDisabled={role.locked === true}
            onChange={(isOn) => {
              const next = isOn ? [...may, act] : may.filter((one) => one !== act);
              edit.choose("may", next.length === 0 ? undefined : next);
            }}
          />
        ))}
      </Group>
      {role.locked ? null : (
        <div className="danger-zone">
          <Button
            look="danger"
            icon="trash"
            onClick={() => {
              store.getState().execute(removeRole(document, key));
              onGone();
            }}
          >
            {t("remove-role")}
          </Button>
        </div>
      )}
    </section>
  );
}
