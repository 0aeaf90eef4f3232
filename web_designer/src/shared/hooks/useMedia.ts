/** Tells whether the window fits a media query now, and again when that changes. */
import { useCallback, useSyncExternalStore } from "react";

/** Below this the phone layout is used. */
export const PHONE = "(max-width: 767.98px)";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
