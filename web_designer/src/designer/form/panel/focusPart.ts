/** Takes a pointer, does something and puts the focus on what stands for that pointer in the panel drawn afterwards. */
import { flushSync } from "react-dom";
import type { Pointer } from "../../core/doc";

/** What was pressed is gone after `act`; the focus must not be lost with it. */
export function focusPart(pointer: Pointer, act: () => void): void {
  flushSync(act);
  document.querySelector<HTMLElement>(`[data-part="${CSS.escape(pointer)}"]`)?.focus();
}
