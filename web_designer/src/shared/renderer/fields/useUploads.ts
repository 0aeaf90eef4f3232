/** Takes files somebody chose, dropped or pasted, sends them one after the other, and tells how far each is and what refused it. */
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { uploadFile } from "@/shared/api/files";
import { Problem } from "@/shared/api/problem";
import { useForm } from "../FormContext";
import type { FileFacts } from "../pointing";
import type { FieldModel } from "../types";

export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly share: number;
  readonly fault: string | null;
}

export interface Uploads {
  readonly running: readonly Upload[];
  readonly add: (files: readonly File[]) => void;
  readonly dismiss: (key: number) => void;
}

const MEGABYTE = 1_000_000;
let count = 0;

/** Returns whether a field takes a file, as far as its name and the browser's guess at its type tell; the server looks inside. */
export function takes(types: readonly string[], file: Pick<File, "name" | "type">): boolean {
  const name = file.name.toLowerCase();
  const one = (wanted: string): boolean => {
    if (wanted.startsWith(".")) return name.endsWith(wanted);
    // A browser that cannot tell says nothing, or that it is some bytes.
    if (file.type === "" || file.type === "application/octet-stream") return true;
    return wanted.endsWith("/*") ? file.type.startsWith(wanted.slice(0, -1)) : file.type === wanted;
  };
  return types.length === 0 || types.some(one);
}

/** `onKept` gets each file that has been kept, in the order in which they were given; it must not rely on what was drawn when it was made. */
export function useUploads(field: FieldModel, held: number, onKept: (file: FileFacts) => void): Uploads {
  const { t } = useTranslation("lists");
  const api = useApi();
  const { store } = useForm();
  const [running, setRunning] = useState<readonly Upload[]>([]);
  const flights = useRef(new Map<number, AbortController>());
  const change = (key: number, to: Partial<Upload>): void => setRunning((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)));
  const end = (key: number): void => setRunning((all) => all.filter((one) => one.key !== key));

  const faultOf = (file: File, place: number): string | null => {
    if (place >= (field.max_count ?? 20)) return t("tooMany", { count: field.max_count ?? 20 });
    if (!takes(field.types ?? [], file)) return t("wrongType", { types: (field.types ?? []).join(", ") });
    return field.max_size != null && file.size > field.max_size ? t("tooLarge", { size: field.max_size / MEGABYTE }) : null;
  };
  const send = async (file: File, key: number): Promise<void> => {
    const flight = new AbortController();
    flights.current.set(key, flight);
    const done = store.awaited.begin(true);
    try {
      onKept(await uploadFile(api, file, (share) => change(key, { share }), flight.signal));
      end(key);
    } catch (error) {
      if (flight.signal.aborted) end(key);
      else change(key, { fault: error instanceof Problem ? error.message : t("unsent") });
    } finally {
      flights.current.delete(key);
      done();
    }
  };
  return {
    running,
    add: (files) => {
      const uploads = files.map((file, place) => ({ file, upload: { key: (count += 1), name: file.name, share: 0, fault: faultOf(file, held + running.filter((one) => one.fault === null).length + place) } }));
      setRunning((all) => [...all.filter((one) => one.fault === null), ...uploads.map((one) => one.upload)]);
      void uploads.filter((one) => one.upload.fault === null).reduce((before, one) => before.then(() => send(one.file, one.upload.key)), Promise.resolve());
    },
    dismiss: (key) => {
      flights.current.get(key)?.abort();
      end(key);
    },
  };
}
