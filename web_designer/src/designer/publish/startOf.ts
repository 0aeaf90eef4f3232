/** Takes an app and its document, gives the address where people start to use it: its first menu's first view. */
import type { AppDocument } from "../core/doc";

type Menus = readonly { readonly items?: readonly { readonly view?: string }[] }[];

export function startOf(app: string, document: AppDocument): string {
  const menus = (document["menus"] ?? []) as Menus;
  const inMenu = menus.flatMap((menu) => menu.items ?? []).find((item) => item.view !== undefined)?.view;
  const view = inMenu ?? document.views?.[0]?.key;
  return view === undefined ? "/" : `/apps/${app}/views/${view}`;
}
