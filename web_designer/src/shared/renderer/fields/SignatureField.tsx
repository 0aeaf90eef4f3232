/** An input for a signature: drawn with finger, pen or mouse, or made of a typed name by those who cannot draw; kept as a picture. */
import SignaturePad from "signature_pad";
import { useEffect, useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { useForm, useValue } from "../FormContext";
import { besideKey, factsOf, fileAddress } from "../pointing";
import type { FieldProps } from "./types";
import { useUploads } from "./useUploads";
import "../lists.css";

export function SignatureField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("lists");
  const { store, language, mode } = useForm();
  const value = useValue(path);
  const besidePath = path.slice(0, path.length - field.key.length) + besideKey(field);
  const [signed] = factsOf(value, useValue(besidePath));
  const [isOpen, setOpen] = useState(false);
  const uploads = useUploads(field, 0, (file) => store.setList(path, [file.id], [file]));
  const name = label(field.name, language, field.key);
  const [running] = uploads.running;
  return (
    <div className="records-box">
      {signed === undefined ? null : <img className="signature-shown" src={fileAddress(signed)} alt={t("signatureOf", { name })} />}
      {running === undefined ? null : running.fault === null ? <progress max={1} value={running.share} aria-label={t("sending", { name })} /> : <span className="files-wrong" role="alert">{running.fault}</span>}
      <div className="files-act">
        <Button id={inputId} icon="edit" {...aria} aria-label={t(signed === undefined ? "signFor" : "signAgainFor", { name })} onClick={() => (mode === "edit" ? setOpen(true) : undefined)}>
          {t(signed === undefined ? "sign" : "signAgain")}
        </Button>
        {signed === undefined ? null : (
          <Button look="text" onClick={() => store.setList(path, [], [])}>
            {t("unsign")}
          </Button>
        )}
      </div>
      {isOpen ? (
        <PadDialog
          name={name}
          onClose={() => setOpen(false)}
          onSigned={(picture) => {
            setOpen(false);
            uploads.add([picture]);
          }}
        />
      ) : null}
    </div>
  );
}

interface PadDialogProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onSigned: (picture: File) => void;
}

function PadDialog({ name, onClose, onSigned }: PadDialogProps): JSX.Element {
  const { t } = useTranslation("lists");
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [typed, setTyped] = useState("");
  const [isEmpty, setEmpty] = useState(true);
  useEffect(() => {
    const box = canvas.current;
    if (box === null) return undefined;
    const scale = Math.max(window.devicePixelRatio, 1);
    box.width = box.offsetWidth * scale;
    box.height = box.offsetHeight * scale;
    box.getContext("2d")?.scale(scale, scale);
    const made = new SignaturePad(box, { penColor: "#10233f" });
    made.addEventListener("endStroke", () => setEmpty(made.isEmpty()));
    pad.current = made;
    return () => made.off();
  }, []);
  const write = (text: string): void => {
    setTyped(text);
    setEmpty(text.trim() === "");
    const box = canvas.current;
    const pen = box?.getContext("2d");
    pad.current?.clear();
    if (box == null || pen == null) return;
    pen.fillStyle = "#10233f";
    pen.font = "italic 48px 'Kaiti SC', KaiTi, STKaiti, 'Segoe Script', cursive";
    pen.textBaseline = "middle";
    pen.fillText(text, 24, box.offsetHeight / 2, box.offsetWidth - 48);
  };
  const done = (): void => {
    canvas.current?.toBlob((content) => (content === null ? undefined : onSigned(new File([content], `${name}.png`, { type: "image/png" }))), "image/png");
  };
  return (
    <Dialog
      title={t("signFor", { name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => write("")}>{t("clearPad")}</Button>
          <Button look="primary" disabled={isEmpty} onClick={done}>
            {t("signDone")}
          </Button>
        </>
      }
    >
      <canvas ref={canvas} className="signature-pad" role="img" aria-label={t("pad")} />
      <label className="signature-typed">
        {t("typeName")}
        <input className="input" type="text" maxLength={40} value={typed} onChange={(event) => write(event.target.value)} />
      </label>
    </Dialog>
  );
}
