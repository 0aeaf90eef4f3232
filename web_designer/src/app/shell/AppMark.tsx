/** The coloured square of an app; its colour follows from its key, so an app looks the same everywhere. */
import type { JSX } from "react";
import { Icon } from "@/shared/ui/Icon";

const HUES = [221, 168, 262, 28, 340, 196, 88];

export function AppMark({ icon, name, size = 40 }: { readonly icon?: string | null | undefined; readonly name: string; readonly size?: number }): JSX.Element {
  const sum = [...name].reduce((total, sign) => total + (sign.codePointAt(0) ?? 0), 0);
  return (
    <span className="app-mark" style={{ width: size, height: size, "--hue": HUES[sum % HUES.length] } as React.CSSProperties}>
      <Icon name={icon ?? "apps"} size={Math.round(size * 0.55)} />
    </span>
  );
}
