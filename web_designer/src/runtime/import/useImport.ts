/** Follows an import: asks the server, which answers as soon as no job works on it, or after a few seconds with how far it is. */
import { useCallback, useEffect, useState } from "react";
import { useApi } from "@/shared/api/context";
import { actOnImport, isBusy, readImport, type ImportState } from "@/shared/api/imports";

const WAIT_S = 1;

export interface FollowedImport {
  readonly found: ImportState | null;
  readonly error: unknown;
  readonly take: (found: ImportState) => void;
  readonly act: (what: "check" | "run" | "cancel", isConfirmed: boolean) => Promise<ImportState>;
  readonly retry: () => void;
}

export function useImport(app: string, id: string): FollowedImport {
  const api = useApi();
  const [found, setFound] = useState<ImportState | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const isWaiting = found === null || isBusy(found);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const stop = new AbortController();
    readImport(api, app, id, WAIT_S, stop.signal).then(
      (next) => {
        setFound(next);
        setRound((now) => now + 1);
      },
      (problem: unknown) => (stop.signal.aborted ? undefined : setError(problem)),
    );
    return () => stop.abort();
  }, [api, app, id, isWaiting, round]);
  const act = useCallback((what: "check" | "run" | "cancel", isConfirmed: boolean) => actOnImport(api, app, id, what, isConfirmed), [api, app, id]);
  const retry = useCallback(() => {
    setError(null);
    setRound((now) => now + 1);
  }, []);
  return { found, error, take: setFound, act, retry };
}
