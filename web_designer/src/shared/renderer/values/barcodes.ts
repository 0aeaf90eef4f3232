/** The encoders of the formats we have, so that the rest of the library is not loaded; the text of a code in, its SVG out. */
import { code128, code39, datamatrix, drawingSVG, ean13, ean8, itf14, qrcode, upca, type RenderOptions } from "bwip-js/browser";

type Encoder = (options: RenderOptions, drawing: ReturnType<typeof drawingSVG>) => string;
const ENCODERS = { code128, code39, ean13, ean8, upca, itf14, qrcode, datamatrix } as unknown as Readonly<Record<string, Encoder>>;

/** Returns the code drawn; throws where the text cannot be written in the format. */
export function drawBarcode(text: string, format: string): string {
  const encode = ENCODERS[format];
  if (encode === undefined) throw new Error(format);
  const isSquare = format === "qrcode" || format === "datamatrix";
  return encode({ bcid: format, text, scale: 2, ...(isSquare ? {} : { height: 10, includetext: true, textxalign: "center" }) }, drawingSVG());
}
