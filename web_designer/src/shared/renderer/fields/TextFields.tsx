/** Inputs for texts of a certain form: a phone number, an e-mail address, an address of the web, a time of day. */
import type { JSX } from "react";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

type InputMode = "tel" | "email" | "url";

function FormedText({ path, inputId, aria, mode, most }: FieldProps & { readonly mode: InputMode; readonly most: number }): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return (
    <input
      id={inputId}
      className="input"
      // Not the browser's own kinds: those change what is typed and check it in their own words.
      type="text"
      inputMode={mode}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={most}
      {...aria}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => store.set(path, event.target.value === "" ? null : event.target.value)}
    />
  );
}

export const PhoneField = (props: FieldProps): JSX.Element => <FormedText {...props} mode="tel" most={41} />;
export const EmailField = (props: FieldProps): JSX.Element => <FormedText {...props} mode="email" most={255} />;
export const UrlField = (props: FieldProps): JSX.Element => <FormedText {...props} mode="url" most={501} />;

export function TimeField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return (
    <input
      id={inputId}
      className="input input-time"
      type="time"
      step={field.seconds === true ? 1 : 60}
      {...aria}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => store.set(path, event.target.value === "" ? null : event.target.value)}
    />
  );
}
