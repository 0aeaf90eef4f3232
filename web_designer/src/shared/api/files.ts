/** Uploads a file and tells how far it is; what refuses it is a Problem, silence NoAnswer, as everywhere. */
import type { FileFacts } from "@/shared/renderer/pointing";
import type { ApiClient } from "./client";
import { NoAnswer, readProblem } from "./problem";

/** Sends one file; `onPart` hears which share of it (0 to 1) has gone. */
export function uploadFile(api: ApiClient, file: File, onPart: (share: number) => void, signal: AbortSignal): Promise<FileFacts> {
  return new Promise((keep, refuse) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/files");
    for (const [name, value] of Object.entries(api.headers())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => (event.lengthComputable ? onPart(event.loaded / event.total) : undefined);
    request.onerror = () => refuse(new NoAnswer("no answer"));
    request.onabort = () => refuse(new DOMException("aborted", "AbortError"));
    request.onload = () => {
      if (request.status === 201) keep(JSON.parse(request.responseText) as FileFacts);
      else readProblem(new Response(request.responseText, { status: request.status })).then(refuse, refuse);
    };
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
