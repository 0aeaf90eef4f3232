/** Shows HTML that the server has made safe when it was saved. */
import type { JSX } from "react";

export function RichText({ html }: { readonly html: string }): JSX.Element {
  return <div className="rich-text" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** Returns the words of HTML, for a cell of a list. */
export function wordsOf(html: string): string {
  const page = new DOMParser().parseFromString(html.replace(/<\/(?:p|li|h[1-4]|tr)>|<br\s*\/?>/g, "$& "), "text/html");
  return (page.body.textContent ?? "").replace(/\s+/g, " ").trim();
}
