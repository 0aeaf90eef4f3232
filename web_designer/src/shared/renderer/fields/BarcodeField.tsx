/** A box for the text of a bar code, which a camera reads in where the browser can; the code is drawn under it. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { useForm, useValue } from "../FormContext";
import { Barcode } from "../values/Barcode";
import { canScan, ScanDialog } from "./ScanDialog";
import type { FieldProps } from "./types";

export function BarcodeField({ field, path, inputId, variant, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store } = useForm();
  const value = useValue(path);
  const [isScanning, setScanning] = useState(false);
  const text = typeof value === "string" ? value : "";
  return (
    <>
      <span className="with-acts">
        <input
          id={inputId}
          className="input"
          type="text"
          autoComplete="off"
          spellCheck={false}
          maxLength={201}
          {...aria}
          value={text}
          onChange={(event) => store.set(path, event.target.value === "" ? null : event.target.value)}
        />
        {canScan() ? <Button look="text" icon="search" aria-label={t("scan")} title={t("scan")} onClick={() => setScanning(true)} /> : null}
      </span>
      {variant === "form" && text !== "" ? <Barcode text={text} format={field.format} /> : null}
      {isScanning ? (
        <ScanDialog
          format={field.format}
          onClose={() => setScanning(false)}
          onFound={(found) => {
            store.set(path, found);
            setScanning(false);
          }}
        />
      ) : null}
    </>
  );
}
