/** A coloured line in the page that says what matters about what is below it. */
import type { JSX, ReactNode } from "react";
import { Icon } from "./Icon";

export function Notice({ look, children, action }: { readonly look: "info" | "warning" | "error"; readonly children: ReactNode; readonly action?: ReactNode }): JSX.Element {
  return (
    <div className={`notice notice-${look}`} role={look === "info" ? "status" : "alert"}>
      <Icon name={look === "info" ? "bell" : "warning"} />
      <div className="notice-text">{children}</div>
      {action}
    </div>
  );
}
