/** Draws the product's own line icons; a name that is not known gives the plain one, so that data never breaks a page. */
import type { JSX } from "react";

const paths: Readonly<Record<string, string>> = {
  add: "M12 5v14M5 12h14",
  apps: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  back: "M15 5l-7 7 7 7",
  bell: "M6 10a6 6 0 0 1 12 0c0 5 2 6 2 6H4s2-1 2-6M10 19a2 2 0 0 0 4 0",
  box: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  cart: "M3 4h2.5l2 11h10l2-8H6.5M9 19.5h.01M16 19.5h.01",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  design: "M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3",
  down: "M6 9l6 6 6-6",
  edit: "M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3",
  end: "M6 5l6 6 6-6M6 13l6 6 6-6",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  eyeOff: "M4 4l16 16M9.5 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-3 3.7M6 7.8A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 3.5-.7M10 10a3 3 0 0 0 4 4",
  filter: "M4 5h16l-6 8v6l-4-2v-4z",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  jump: "M5 12h12M12 6l6 6-6 6M20 5v14",
  library: "M5 4h4v16H5zM10 4h4v16h-4zM15.5 4.5l3.5-1 4 15-3.5 1z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  move: "M4 8h16M8 4L4 8l4 4M20 16H4M16 12l4 4-4 4",
  org: "M9 4h6v5H9zM3 15h6v5H3zM15 15h6v5h-6zM12 9v3M6 15v-3h12v3",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.3c2.3.7 3.5 2.6 3.5 5.7",
  plain: "M5 4h14v16H5zM8 9h8M8 13h8M8 17h5",
  refresh: "M20 11a8 8 0 1 0-1 5M20 4v7h-7",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M20 20l-4.6-4.6",
  shop: "M4 9l1.5-5h13L20 9M4 9v11h16V9M4 9c0 3 4 3 4 0 0 3 4 3 4 0 0 3 4 3 4 0 0 3 4 3 4 0M10 20v-5h4v5",
  start: "M6 11l6-6 6 6M6 19l6-6 6 6",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  truck: "M3 6h11v10H3zM14 9h4l3 4v3h-7M7 19a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M17.5 19a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3",
  undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3",
  up: "M6 15l6-6 6 6",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c0-4.5 3-6.5 7.5-6.5s7.5 2 7.5 6.5",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
};

const other: Readonly<Record<string, string>> = { team: "people", users: "people", inventory: "box", stock: "box", purchase: "cart", organization: "org", sales: "shop", package: "box", shopping: "cart" };

/** Returns an icon beside a text that says the same; it is hidden from screen readers. */
export function Icon({ name, size = 16 }: { readonly name: string | null | undefined; readonly size?: number }): JSX.Element {
  const known = paths[name ?? ""] ?? paths[other[name ?? ""] ?? "plain"];
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={known} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
