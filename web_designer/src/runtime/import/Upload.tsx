/** Where a file is dropped or chosen, and an empty one to fill is taken from. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type DragEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { readImports, templateAddress, uploadFile, type ImportState } from "@/shared/api/imports";
import { Button } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";

export interface UploadProps {
  readonly app: string;
  readonly entity: string;
  readonly onUploaded: (found: ImportState) => void;
  readonly onPicked: (id: string) => void;
}

export function Upload({ app, entity, onUploaded, onPicked }: UploadProps): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const api = useApi();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const send = async (file: File | undefined): Promise<void> => {
    if (file === undefined || isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      onUploaded(await uploadFile(api, app, entity, file));
    } catch (problem) {
      setRefusal(problemText(problem, t));
      setBusy(false);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  return (
    <section className="import-part">
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <div
        className={`import-drop ${isOver ? "is-over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="plain" size={32} />
        <p>{t("drop")}</p>
        <Button look="primary" isBusy={isBusy} onClick={() => input.current?.click()}>
          {t("choose")}
        </Button>
        <input
          ref={input}
          className="hidden"
          type="file"
          tabIndex={-1}
          aria-label={t("choose")}
          accept=".xlsx,.xlsm,.csv,.txt,.tsv"
          onChange={(event) => {
            void send(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      <Unfinished app={app} onPick={onPicked} />
      {entity === "" ? null : (
        <p className="import-help">
          {t("templateHelp")}{" "}
          <a className="link" href={templateAddress(app, entity, i18n.language)} download>
            {t("template")}
          </a>
        </p>
      )}
    </section>
  );
}

/** The imports one has begun and not ended. */
function Unfinished({ app, onPick }: { readonly app: string; readonly onPick: (id: string) => void }): JSX.Element | null {
  const { t } = useTranslation("import");
  const api = useApi();
  const imports = useQuery({ queryKey: ["imports", app], queryFn: () => readImports(api, app), gcTime: 0 });
  const open = (imports.data ?? []).filter((one) => !["done", "cancelled", "failed"].includes(one.state)).slice(0, 5);
  if (open.length === 0) return null;
  return (
    <div>
      <h2>{t("unfinished")}</h2>
      <ul>
        {open.map((one) => (
          <li key={one.id}>
            <button type="button" className="link" onClick={() => onPick(one.id)}>
              {one.file_name === "" ? one.id : one.file_name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
