/** A secret on a detail page: a mask, and a button that asks the server for it; history keeps that it was asked for. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { recordsPath } from "@/shared/api/records";
import { Button } from "@/shared/ui/Button";
import { useForm } from "../FormContext";
import type { FieldModel } from "../types";
import { MASK } from "./masks";

export function RevealSecret({ field }: { readonly field: FieldModel }): JSX.Element {
  const { t } = useTranslation("form");
  const api = useApi();
  const { model, store } = useForm();
  const [secret, setSecret] = useState<string | null>(null);
  const [state, setState] = useState<"" | "busy" | "failed">("");
  const mayReveal = store.entity.actions.includes("update");
  const ask = async (): Promise<void> => {
    setState("busy");
    try {
      const answer = await api.json<{ readonly value: string }>(`${recordsPath(model.app, store.entity.key)}/${store.id}/reveal/${field.key}`, { method: "POST" });
      setSecret(answer.value);
      setState("");
    } catch {
      setState("failed");
    }
  };
  return (
    <span className="with-acts">
      <code>{secret ?? MASK}</code>
      {secret !== null ? (
        <Button look="text" onClick={() => setSecret(null)}>
          {t("secretHide")}
        </Button>
      ) : mayReveal ? (
        <Button look="text" isBusy={state === "busy"} onClick={() => void ask()}>
          {t("secretShow")}
        </Button>
      ) : null}
      {state === "failed" ? (
        <span className="form-error" role="alert">
          {t("secretFailed")}
        </span>
      ) : null}
    </span>
  );
}
