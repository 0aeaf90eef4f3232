/** A switch for yes and no: antd's, as high to the finger as every other input. */
import { Switch as AntdSwitch } from "antd";
import type { JSX } from "react";

export interface SwitchProps {
  readonly inputId: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  readonly aria?: Readonly<Record<string, string | boolean | undefined>>;
}

export function Switch({ inputId, isOn, onChange, isDisabled = false, aria = {} }: SwitchProps): JSX.Element {
  return (
    <span className="switch">
      <AntdSwitch id={inputId} {...aria} checked={isOn} disabled={isDisabled} onChange={(next) => onChange(next)} />
    </span>
  );
}
