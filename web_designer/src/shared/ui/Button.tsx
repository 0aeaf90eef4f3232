/** A button of the product, and a link that looks like one: antd's, with room for an icon and for being busy. */
import { Button as AntdButton } from "antd";
import type { ButtonHTMLAttributes, JSX, MouseEvent, ReactNode, Ref } from "react";
import { useHref, useLinkClickHandler } from "react-router";
import { Icon } from "./Icon";

type Look = "primary" | "plain" | "text" | "danger";

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "color"> {
  readonly look?: Look;
  readonly icon?: string;
  /** While true it shows that work goes on and takes no click; it keeps the focus, for a disabled button would lose it. */
  readonly isBusy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

const LOOKS = {
  primary: { color: "primary", variant: "solid" },
  plain: { color: "default", variant: "outlined" },
  text: { color: "default", variant: "text" },
  danger: { color: "danger", variant: "solid" },
} as const;

export function Button({ look = "plain", icon, isBusy = false, className = "", disabled, type = "button", ref, ...rest }: ButtonProps): JSX.Element {
  return (
    <AntdButton
      {...rest}
      {...LOOKS[look]}
      {...(ref === undefined ? {} : { ref: ref as Ref<HTMLButtonElement | HTMLAnchorElement> })}
      {...(icon === undefined ? {} : { icon: <Icon name={icon} /> })}
      htmlType={type}
      loading={isBusy}
      disabled={disabled}
      aria-busy={isBusy || undefined}
      className={`button ${className}`}
    />
  );
}

export interface ButtonLinkProps {
  readonly to: string;
  /** Goes into the history with the page it leads to. */
  readonly state?: unknown;
  readonly look?: Look;
  readonly icon?: string;
  readonly label?: string;
  readonly children: ReactNode;
  readonly onClick?: (event: MouseEvent<HTMLElement>) => void;
}

export function ButtonLink({ to, state, look = "plain", icon, label, children, onClick }: ButtonLinkProps): JSX.Element {
  const go = useLinkClickHandler<HTMLElement>(to, { state });
  return (
    <AntdButton
      {...LOOKS[look]}
      {...(icon === undefined ? {} : { icon: <Icon name={icon} /> })}
      {...(label === undefined ? {} : { "aria-label": label, title: label })}
      href={useHref(to)}
      className="button"
      onClick={(event) => {
        onClick?.(event);
        if (!event.defaultPrevented) go(event as MouseEvent<HTMLElement>);
      }}
    >
      {children}
    </AntdButton>
  );
}
