/** An input that holds files or pictures: choose, drop or paste; progress, small pictures, a larger look, and a way to take one out. */
import { useRef, useState, type DragEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Icon } from "@/shared/ui/Icon";
import { showSize } from "../fileSize";
import { useForm, useValue } from "../FormContext";
import { besideKey, factsOf, fileAddress, type FileFacts } from "../pointing";
import type { FieldProps } from "./types";
import { useUploads } from "./useUploads";
import "../lists.css";

export function FilesField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("lists");
  const { store, language, mode, isCompact } = useForm();
  const value = useValue(path);
  const besidePath = path.slice(0, path.length - field.key.length) + besideKey(field);
  const files = factsOf(value, useValue(besidePath));
  const [isOver, setOver] = useState(false);
  const [shown, setShown] = useState<FileFacts | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const put = (next: readonly FileFacts[]): void => store.setList(path, next.map((file) => file.id), next);
  // As they are now: several may come while the first is still being drawn.
  const now = (): readonly FileFacts[] => factsOf(store.get(path), store.get(besidePath));
  const uploads = useUploads(field, files.length, (file) => put([...now(), file]));
  const isPictures = field.kind === "images";
  const name = label(field.name, language, field.key);
  const take = (list: FileList | null | undefined): void => {
    if (mode === "edit" && list != null && list.length > 0) uploads.add([...list]);
  };
  const onDrag = (event: DragEvent): void => {
    event.preventDefault();
    setOver(event.type === "dragover");
  };
  return (
    <div
      className={`files-box ${isOver ? "is-over" : ""}`}
      onDragOver={onDrag}
      onDragLeave={onDrag}
      onDrop={(event) => {
        onDrag(event);
        take(event.dataTransfer.files);
      }}
      onPaste={(event) => take(event.clipboardData.files)}
    >
      {files.length + uploads.running.length === 0 ? null : (
        <ul className="files-list" aria-label={name}>
          {files.map((file) => (
            <li key={file.id} className="files-item">
              {file.width === null ? <Icon name="plain" /> : <img className="file-small" src={fileAddress(file, "small")} alt="" />}
              {file.width === null ? (
                <a className="files-name" href={fileAddress(file, "save")}>
                  {file.name}
                </a>
              ) : (
                <a
                  className="files-name"
                  href={fileAddress(file)}
                  onClick={(event) => {
                    event.preventDefault();
                    setShown(file);
                  }}
                >
                  {file.name}
                </a>
              )}
              <span className="files-size">{showSize(file.size, language)}</span>
              <Button look="text" icon="close" aria-label={t("remove", { name: file.name })} onClick={() => put(files.filter((one) => one.id !== file.id))} />
            </li>
          ))}
          {uploads.running.map((upload) => (
            <li key={upload.key} className="files-item">
              <span className="files-name">{upload.name}</span>
              {upload.fault === null ? <progress max={1} value={upload.share} aria-label={t("sending", { name: upload.name })} /> : <span className="files-wrong" role="alert">{upload.fault}</span>}
              <Button look="text" icon="close" aria-label={t("dismiss", { name: upload.name })} onClick={() => uploads.dismiss(upload.key)} />
            </li>
          ))}
        </ul>
      )}
      <div className="files-act">
        <input
          ref={input}
          type="file"
          tabIndex={-1}
          aria-hidden="true"
          multiple={(field.max_count ?? 20) > 1}
          accept={(field.types ?? []).join(",")}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
        <Button id={inputId} icon="add" {...aria} aria-label={t(isPictures ? "addPictureTo" : "addFileTo", { name })} onClick={() => input.current?.click()}>
          {t(isPictures ? "addPicture" : "addFile")}
        </Button>
        {isCompact ? null : <span>{t("dropHint")}</span>}
      </div>
      {shown === null ? null : (
        <Dialog title={shown.name} onClose={() => setShown(null)}>
          <img className="preview-picture" src={fileAddress(shown)} alt={shown.name} />
        </Dialog>
      )}
    </div>
  );
}
