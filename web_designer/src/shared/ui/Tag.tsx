/** A choice as a small coloured label; the colour is a name from the document, its shades keep the text readable. */
import type { JSX, ReactNode } from "react";

const colours = new Set(["grey", "blue", "green", "orange", "red", "purple", "cyan", "gold", "pink"]);

export function Tag({ color, children }: { readonly color?: string | null | undefined; readonly children: ReactNode }): JSX.Element {
  const name = color === "gray" ? "grey" : (color ?? "grey");
  return <span className={`tag tag-${colours.has(name) ? name : "grey"}`}>{children}</span>;
}
