/** The few controls the property panel is made of: each has a label, shows a value of the document and says what was chosen. */
import { type JSX, type ReactNode, useId } from "react";
import type { Language } from "@/shared/i18n/label";
import { label } from "@/shared/i18n/label";
import { Switch } from "@/shared/ui/Switch";
import type { DraftIssue } from "../../core/store";

type Common = { readonly title: string; readonly isDisabled?: boolean };

export function TextControl(
  props: Common & {
    readonly value: string;
    readonly onChange: (text: string) => void;
    readonly onLeave?: () => void;
    readonly rows?: number;
    readonly isCode?: boolean;
    readonly hint?: ReactNode;
    readonly faults?: readonly string[];
    readonly language?: Language;
    readonly placeholder?: string;
    readonly name?: string;
  },
): JSX.Element {
  const id = useId();
  const { value, onChange, onLeave, rows, faults = [], hint } = props;
  const described = [hint === undefined ? "" : `${id}-hint`, faults.length > 0 ? `${id}-fault` : ""].filter(Boolean).join(" ");
  const shared = {
    id,
    name: props.name,
    className: `input ${props.isCode ? "input-code" : ""}`,
    value,
    disabled: props.isDisabled,
    lang: props.language,
    placeholder: props.placeholder,
    autoComplete: "off",
    spellCheck: !props.isCode,
    "aria-describedby": described || undefined,
    "aria-invalid": faults.length > 0 || undefined,
    onBlur: onLeave,
  } as const;
  return (
    <div className="prop">
      <label htmlFor={id}>{props.title}</label>
      {rows === undefined ? (
        <input {...shared} type="text" onChange={(event) => onChange(event.target.value)} />
      ) : (
        <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />
      )}
      {hint === undefined ? null : (
        <p className="design-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Faults id={`${id}-fault`} faults={faults} />
    </div>
  );
}

function Faults({ id, faults = [] }: { readonly id: string; readonly faults?: readonly string[] | undefined }): JSX.Element | null {
  if (faults.length === 0) return null;
  return (
    <ul className="prop-fault" id={id} role="alert">
      {faults.map((fault) => (
        <li key={fault}>{fault}</li>
      ))}
    </ul>
  );
}

export function SwitchControl(
  props: Common & { readonly value: boolean; readonly onChange: (value: boolean) => void; readonly hint?: string; readonly faults?: readonly string[] },
): JSX.Element {
  const id = useId();
  return (
    <div className="prop">
      <div className="prop-switch">
        <Switch inputId={id} isOn={props.value} isDisabled={props.isDisabled === true} onChange={props.onChange} />
        <label htmlFor={id}>{props.title}</label>
      </div>
      {props.hint === undefined ? null : <p className="design-hint">{props.hint}</p>}
      <Faults id={`${id}-fault`} faults={props.faults} />
    </div>
  );
}

export function SelectControl(
  props: Common & {
    readonly value: string;
    readonly options: readonly { readonly value: string; readonly text: string }[];
    readonly onChange: (value: string) => void;
    readonly hint?: string;
    readonly faults?: readonly string[];
  },
): JSX.Element {
  const id = useId();
  return (
    <div className="prop">
      <label htmlFor={id}>{props.title}</label>
      <select
        id={id}
        className="input"
        value={props.value}
        disabled={props.isDisabled}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {props.hint === undefined ? null : (
        <p className="design-hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      <Faults id={`${id}-fault`} faults={props.faults} />
    </div>
  );
}

export function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): JSX.Element {
  const id = useId();
  return (
    <section className="prop-group" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

/** Return the words of issues in a language, each with what it is about of the text it was found in. */
export function faultTexts(issues: readonly DraftIssue[], language: Language, text?: string): readonly string[] {
  return issues.map((issue) => {
    const words = label(issue.message, language, issue.code);
    const about = issue.span && text !== undefined ? [...text].slice(...issue.span).join("") : "";
    return about === "" || words.includes(about) ? words : `${words}: ${about}`;
  });
}
