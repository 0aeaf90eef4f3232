/** A box for text with form; the editor is loaded when one is drawn, with the text to read in its place until then. */
import type { JSX } from "react";
import { whenDrawn } from "@/shared/ui/later";
import { useValue } from "../FormContext";
import { RichText } from "../values/RichText";
import type { FieldProps } from "./types";

function Waiting({ path, inputId }: FieldProps): JSX.Element {
  const value = useValue(path);
  return (
    <div id={inputId} className="rich-box" aria-busy="true">
      <RichText html={typeof value === "string" ? value : ""} />
    </div>
  );
}

export const RichTextField = whenDrawn<FieldProps>(async () => (await import("./RichEditor")).RichEditor, Waiting);
