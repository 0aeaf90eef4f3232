/** Gives a value back once it has stayed the same for a while. */
import { useEffect, useState } from "react";

export function useDebounced<T>(value: T, wait_ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), wait_ms);
    return () => window.clearTimeout(timer);
  }, [value, wait_ms]);
  return settled;
}
