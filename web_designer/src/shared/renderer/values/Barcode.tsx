/** Draws a bar code or a QR code of a text, with the library loaded when the first one is drawn; what cannot be drawn is left out. */
import { useEffect, useState, type JSX } from "react";

export function Barcode({ text, format }: { readonly text: string; readonly format: string | null | undefined }): JSX.Element | null {
  const [drawn, setDrawn] = useState<{ readonly text: string; readonly source: string } | null>(null);
  useEffect(() => {
    let isHere = true;
    const draw = async (): Promise<void> => {
      const { drawBarcode } = await import("./barcodes");
      const svg = drawBarcode(text, format ?? "code128");
      if (isHere) setDrawn({ text, source: `data:image/svg+xml;utf8,${encodeURIComponent(svg)}` });
    };
    // Half a number is no code yet.
    draw().catch(() => (isHere ? setDrawn(null) : undefined));
    return () => {
      isHere = false;
    };
  }, [text, format]);
  if (drawn === null) return null;
  return <img className={`barcode ${["qrcode", "datamatrix"].includes(format ?? "") ? "is-square" : ""}`} src={drawn.source} alt={drawn.text} />;
}
