/** Reads a bar code with the camera, in browsers that can (BarcodeDetector); gives the first text it finds. */
import { useEffect, useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/shared/ui/Dialog";

interface Detector {
  readonly detect: (source: HTMLVideoElement) => Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector;

/** The browser's names of our formats. */
const FORMATS: Readonly<Record<string, string>> = { code128: "code_128", code39: "code_39", ean13: "ean_13", ean8: "ean_8", upca: "upc_a", itf14: "itf", qrcode: "qr_code", datamatrix: "data_matrix" };

const detectorClass = (): DetectorClass | undefined => (window as unknown as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;

/** Returns whether this browser can read bar codes with a camera. */
export const canScan = (): boolean => detectorClass() !== undefined && typeof navigator.mediaDevices?.getUserMedia === "function";

interface ScanProps {
  readonly format: string | null | undefined;
  readonly onFound: (text: string) => void;
  readonly onClose: () => void;
}

export function ScanDialog({ format, onFound, onClose }: ScanProps): JSX.Element {
  const { t } = useTranslation("form");
  const video = useRef<HTMLVideoElement>(null);
  const [isFailed, setFailed] = useState(false);
  const found = useRef(onFound);
  useEffect(() => {
    found.current = onFound;
  });
  useEffect(() => {
    let isHere = true;
    let stream: MediaStream | undefined;
    const watch = async (): Promise<void> => {
      const Detecting = detectorClass();
      if (Detecting === undefined) throw new Error("no detector");
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      const box = video.current;
      if (!isHere || box === null) return;
      box.srcObject = stream;
      await box.play();
      const detector = new Detecting({ formats: [FORMATS[format ?? ""] ?? "code_128"] });
      while (isHere) {
        const [code] = await detector.detect(box);
        if (code !== undefined && isHere) return found.current(code.rawValue);
        await new Promise((wake) => requestAnimationFrame(wake));
      }
    };
    watch()
      .catch(() => setFailed(true))
      .finally(() => (isHere ? undefined : stop()));
    const stop = (): void => stream?.getTracks().forEach((track) => track.stop());
    return () => {
      isHere = false;
      stop();
    };
  }, [format]);
  return (
    <Dialog title={t("scan")} onClose={onClose}>
      {isFailed ? <p role="alert">{t("scanFailed")}</p> : <video ref={video} className="scan-view" muted playsInline />}
    </Dialog>
  );
}
