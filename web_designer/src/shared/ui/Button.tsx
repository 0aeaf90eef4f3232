/** A button of the product: one look, with room for an icon and for being busy. */
import type { ButtonHTMLAttributes, JSX, Ref } from "react";
import { Icon } from "./Icon";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "plain" | "text" | "danger";
  readonly icon?: string;
  /** While true it shows that work goes on and takes no click. */
  readonly isBusy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = "plain", icon, isBusy = false, children, className = "", disabled, ...rest }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={`button button-${look} ${children == null ? "button-icon" : ""} ${className}`}
    >
      {isBusy ? <span className="spinner" aria-hidden="true" /> : icon === undefined ? null : <Icon name={icon} />}
      {children == null ? null : <span>{children}</span>}
    </button>
  );
}
