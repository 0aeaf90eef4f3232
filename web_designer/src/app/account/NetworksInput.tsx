/** A list of networks as people type it: one a line. */
import type { JSX } from "react";

/** Returns the networks in a text, one a line, without blank lines. */
export function networksIn(text: string): string[] {
  return text.split(/[\n,;，；]/).map((line) => line.trim()).filter((line) => line !== "");
}

export interface NetworksInputProps {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly networks: readonly string[];
}

export function NetworksInput({ id, label, help, networks }: NetworksInputProps): JSX.Element {
  return (
    <div className="form-item">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <textarea id={id} name={id} className="input textarea account-networks" rows={3} defaultValue={networks.join("\n")} placeholder={"192.0.2.0/24\n2001:db8::/32"} spellCheck={false} {...(help === undefined ? {} : { "aria-describedby": `${id}-help` })} />
      {help === undefined ? null : (
        <p className="form-help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}
