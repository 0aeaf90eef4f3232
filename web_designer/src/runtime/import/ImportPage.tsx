/** The page of an import: a file goes in, its columns are looked over, errors are shown cell by cell, then it is written, and can be undone. */
import { useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useApi } from "@/shared/api/context";
import { changeImport, isBusy, type ImportMapping, type ImportState } from "@/shared/api/imports";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { entityOf } from "@/shared/renderer/types";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { Checked } from "./Checked";
import { Doing } from "./Doing";
import { Done } from "./Done";
import { MappingTable } from "./MappingTable";
import { Upload } from "./Upload";
import { useImport } from "./useImport";
import "./import.css";

const STEPS = ["upload", "mapping", "checked", "done"] as const;

export default function ImportPage(): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const model = useModel();
  const [parameters, setParameters] = useSearchParams();
  const entity = entityOf(model, parameters.get("entity") ?? "");
  const id = parameters.get("id");
  const view = parameters.get("view");
  const name = entity === undefined ? label(model.name, i18n.language, model.app) : label(entity.name, i18n.language, entity.key);
  useEffect(() => {
    document.title = t("title", { name });
  }, [t, name]);
  const go = (next: string | null): void => {
    const changed = new URLSearchParams(parameters);
    if (next === null) changed.delete("id");
    else changed.set("id", next);
    setParameters(changed, { replace: true });
  };
  return (
    <div className="page page-import">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("title", { name })}</h1>
        </div>
        <span className="top-space" />
        {view === null ? null : (
          <ButtonLink icon="list" to={`/apps/${model.app}/views/${view}`}>
            {t("toList")}
          </ButtonLink>
        )}
      </header>
      {id === null ? (
        <>
          <Steps at="upload" />
          <Upload app={model.app} entity={entity?.key ?? ""} onUploaded={(found) => go(found.id)} onPicked={go} />
        </>
      ) : (
        <Import key={id} app={model.app} id={id} onAgain={() => go(null)} />
      )}
    </div>
  );
}

function Import({ app, id, onAgain }: { readonly app: string; readonly id: string; readonly onAgain: () => void }): JSX.Element {
  const { t } = useTranslation("import");
  const api = useApi();
  const { found, error, act, take, retry } = useImport(app, id);
  const [refusal, setRefusal] = useState<string | null>(null);
  if (error !== null) return <Failed error={error} onRetry={retry} />;
  if (found === null) return <Loading />;
  const attempt = async (what: () => Promise<ImportState>): Promise<void> => {
    setRefusal(null);
    try {
      take(await what());
    } catch (problem) {
      setRefusal(problemText(problem, t));
    }
  };
  const change = (mapping: ImportMapping): Promise<void> => attempt(() => changeImport(api, app, id, mapping));
  const again = (
    <Button icon="refresh" onClick={onAgain}>
      {t("again")}
    </Button>
  );
  return (
    <>
      <Steps at={stepOf(found)} />
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <Body found={found} app={app} again={again} onChange={change} onAct={(what, isConfirmed = false) => attempt(() => act(what, isConfirmed))} />
    </>
  );
}

interface BodyProps {
  readonly found: ImportState;
  readonly app: string;
  readonly again: JSX.Element;
  readonly onChange: (mapping: ImportMapping) => Promise<void>;
  readonly onAct: (what: "check" | "run" | "cancel", isConfirmed?: boolean) => Promise<void>;
}

function Body({ found, app, again, onChange, onAct }: BodyProps): JSX.Element {
  const { i18n } = useTranslation("import");
  const told = found.refusal === null ? null : <Notice look="error">{label(found.refusal.message, i18n.language, found.refusal.code)}</Notice>;
  if (isBusy(found)) return <Doing found={found} onCancel={() => void onAct("cancel")} />;
  switch (found.state) {
    case "mapping":
      return (
        <>
          {told}
          <MappingTable found={found} again={again} onChange={onChange} onCheck={() => onAct("check")} />
        </>
      );
    case "checked":
      return <Checked found={found} app={app} again={again} onBack={() => void onChange({})} onChange={onChange} onRun={() => onAct("run", found.counts.warnings > 0)} />;
    default:
      return (
        <>
          {told}
          <Done found={found} app={app} again={again} />
        </>
      );
  }
}

/** Returns the step a state belongs to. */
function stepOf(found: ImportState): (typeof STEPS)[number] {
  if (found.state === "reading") return "upload";
  if (found.state === "mapping" || found.state === "checking") return "mapping";
  return found.state === "checked" || found.state === "writing" ? "checked" : "done";
}

function Steps({ at }: { readonly at: (typeof STEPS)[number] }): JSX.Element {
  const { t } = useTranslation("import");
  return (
    <ol className="import-steps" aria-label={t("steps")}>
      {STEPS.map((step, place) => (
        <li key={step} className={step === at ? "is-current" : STEPS.indexOf(at) > place ? "is-done" : ""} aria-current={step === at ? "step" : undefined}>
          <span className="import-step-number">{place + 1}</span>
          {t(`step.${step}`)}
        </li>
      ))}
    </ol>
  );
}
