/** Draws a small sign for a kind of field or node; it stands beside the name and is hidden from screen readers. */
import type { JSX } from "react";

const paths: Readonly<Record<string, string>> = {
  section: "M4 5h16v5H4zM4 14h16v5H4z",
  text: "M5 6h14M12 6v13M9 19h6",
  long_text: "M4 6h16M4 11h16M4 16h10",
  number: "M9 4L7 20M17 4l-2 16M4 9h17M3 15h17",
  money: "M6 4l6 8 6-8M12 12v8M7 13h10M7 17h10",
  boolean: "M8 7h8a5 5 0 0 1 0 10H8A5 5 0 0 1 8 7M8 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  date: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  datetime: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2",
  choice: "M4 5h16v5H4zM9 15l3 3 3-3",
  reference: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1.5-1.5",
  references: "M8 15a3.5 3.5 0 0 0 5 0l2.5-2.5a3.5 3.5 0 0 0-5-5L9.5 8.5M12 10a3.5 3.5 0 0 0-5 0l-2 2a3.5 3.5 0 0 0 5 5l.5-.5M17 17l3 3M20 17v3h-3",
  any_reference: "M4 12h6M10 12c4 0 3-6 7-6h3M10 12h10M10 12c4 0 3 6 7 6h3",
  member: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c0-4 2.8-6 7-6s7 2 7 6",
  members: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.3c2.3.7 3.5 2.6 3.5 5.700",
  department: "M9 4h6v5H9zM4 15h6v5H4zM14 15h6v5h-6zM12 9v3M7 15v-3h10v3",
  departments: "M7 3h6v4H7zM3 11h6v4H3zM12 11h6v4h-6zM10 7v2M6 11V9h9v2M6 19h12M18 17v4",
  attachments: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.3l-7.6 7.6a1.5 1.5 0 0 1-2.2-2.2L14 7.5",
  images: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  signature: "M3 19h18M4 14c3-9 6-9 5-4s-3 6-1 5 4-6 5-5-1 4 1 4 2-2 6-2",
  lines: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  percent: "M18 6L6 18M7.5 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M16.5 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  quantity: "M4 20h16M6 20l2-9h8l2 9M9 11a3 3 0 1 1 6 0",
  rating: "M12 4l2.4 5 5.6.7-4 3.9 1 5.4-5-2.7-5 2.7 1-5.4-4-3.9 5.6-.7z",
  time: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4h4",
  duration: "M7 4h10M7 20h10M8 4c0 5 8 7 8 8s-8 3-8 8M16 4c0 5-8 7-8 8s8 3 8 8",
  choices: "M4 6l2 2 3-4M4 16l2 2 3-4M12 7h8M12 17h8",
  tree_choice: "M5 5h6M8 5v12h4M8 11h4M12 9h7v4h-7zM12 15h7v4h-7z",
  phone: "M8 3h8v18H8zM11 18h2",
  email: "M4 6h16v12H4zM4 7l8 6 8-6",
  url: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M4 12h16M12 4c3 3 3 13 0 16M12 4c-3 3-3 13 0 16",
  barcode: "M4 5v14M7 5v14M10 5v14M14 5v14M17 5v14M20 5v14",
  rich_text: "M5 5h8M9 5v9M15 9h5M15 13h5M5 18h15",
  address: "M12 21c4-5 6-8 6-11a6 6 0 0 0-12 0c0 3 2 6 6 11M12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  location: "M12 3v4M12 17v4M3 12h4M17 12h4M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10",
  json: "M9 4C5 4 8 11 4 12c4 1 1 8 5 8M15 4c4 0 1 7 5 8-4 1-1 8-5 8",
  secret: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3M12 15v2",
  sequence: "M5 5l2-1v6M5 14h3l-3 4h3M12 7h8M12 16h8",
};

export function KindIcon({ kind }: { readonly kind: string }): JSX.Element {
  return (
    <svg className="icon kind-icon" width={18} height={18} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[kind] ?? "M5 5h14v14H5z"} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
