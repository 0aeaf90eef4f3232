/** The list under the button of a menu: antd's dropdown. */
import { Dropdown } from "antd";
import type { JSX } from "react";
import type { MenuListProps } from "./Menu";

export function MenuList({ label, entries, head, side = "start", isOpen, onOpen, children }: MenuListProps): JSX.Element {
  const items = entries.map((entry) => ({
    key: entry.key,
    label: <span className="menu-item">{entry.text}</span>,
    danger: entry.isDanger === true,
    ...(entry.isCurrent === undefined ? {} : { role: "menuitemradio", "aria-checked": entry.isCurrent }),
  }));
  return (
    <Dropdown
      open={isOpen}
      trigger={["click"]}
      onOpenChange={onOpen}
      placement={side === "end" ? "bottomRight" : "bottomLeft"}
      autoFocus
      destroyOnHidden
      menu={{
        items: head === undefined ? items : [{ type: "group" as const, key: "head", label: head, children: items }],
        "aria-label": label,
        selectedKeys: entries.filter((entry) => entry.isCurrent === true).map((entry) => entry.key),
        onClick: ({ key }) => {
          onOpen(false);
          entries.find((entry) => entry.key === key)?.onPick();
        },
      }}
    >
      {children}
    </Dropdown>
  );
}
