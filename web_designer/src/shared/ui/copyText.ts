/** Copies a text, and says whether it could: over plain http browsers let no page do so, and some people forbid it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Selects what an element shows, for people to copy themselves. */
export function selectText(shown: HTMLElement | null): void {
  if (shown instanceof HTMLInputElement) shown.select();
  else if (shown !== null) window.getSelection()?.selectAllChildren(shown);
}
