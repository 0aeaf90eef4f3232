/** What stands in the place of an input that is still being loaded. */
import type { JSX } from "react";

export function Waiting(): JSX.Element {
  return <span className="input" aria-hidden="true" />;
}
