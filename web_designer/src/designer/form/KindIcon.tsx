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
  member: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c0-4 2.8-6 7-6s7 2 7 6",
  members: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14.3c2.3.7 3.5 2.6 3.5 5.700",
  department: "M9 4h6v5H9zM4 15h6v5H4zM14 15h6v5h-6zM12 9v3M7 15v-3h10v3",
  departments: "M7 3h6v4H7zM3 11h6v4H3zM12 11h6v4h-6zM10 7v2M6 11V9h9v2M6 19h12M18 17v4",
  attachments: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.3l-7.6 7.6a1.5 1.5 0 0 1-2.2-2.2L14 7.5",
  images: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  signature: "M3 19h18M4 14c3-9 6-9 5-4s-3 6-1 5 4-6 5-5-1 4 1 4 2-2 6-2",
  lines: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
  sequence: "M5 5l2-1v6M5 14h3l-3 4h3M12 7h8M12 16h8",
};

export function KindIcon({ kind }: { readonly kind: string }): JSX.Element {
  return (
    <svg className="icon kind-icon" width={18} height={18} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[kind] ?? "M5 5h14v14H5z"} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
