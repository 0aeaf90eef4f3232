/** Dates and instants between ISO text, what people type and what people read. */

/** Returns an ISO date for reading; in Chinese it stays as it is, which is short and sorts by eye. */
export function showDate(text: string, language: string): string {
  if (language.startsWith("zh")) return text;
  const [year = 0, month = 1, day = 1] = text.split("-").map(Number);
  const at = new Date(Date.UTC(2000, month - 1, day));
  at.setUTCFullYear(year, month - 1, day);
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(at);
}

/** Returns an ISO instant for reading, on the clock of `zone` (the reader's when left out). */
export function showInstant(text: string, language: string, zone?: string): string {
  if (language.startsWith("zh")) return clock(new Date(text), zone).slice(0, 16).replace("T", " ");
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", ...(zone === undefined ? {} : { timeZone: zone }) }).format(new Date(text));
}

/** Returns the ISO date of a typed one (2026-1-5, 2026/01/05, 2026年1月5日, 20260105; 1-5 is of `thisYear`), or null. */
export function parseDate(typed: string, thisYear?: number): string | null {
  const match =
    /^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/.exec(typed) ??
    /^\s*(\d{4})(\d{2})(\d{2})\s*$/.exec(typed) ??
    (thisYear === undefined ? null : /^()\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/.exec(typed));
  if (match === null) return null;
  const [written = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const year = match[1] === "" ? (thisYear ?? 0) : written;
  const at = new Date(Date.UTC(year, month - 1, day));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return at.toISOString().slice(0, 10);
}

/** Returns the text a `datetime-local` input wants for an ISO instant, on the clock of `zone`. */
export function instantToLocal(text: string, zone: string): string {
  return clock(new Date(text), zone).slice(0, 16);
}

/** Returns the ISO instant of a `datetime-local` text on the clock of `zone`, or null when it is not complete. */
export function localToInstant(text: string, zone: string): string | null {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  // The offset of the zone is asked for near the wanted time, then once more at the time found: enough around a change of clocks.
  let at = wanted;
  for (let round = 0; round < 2; round += 1) at = wanted - (Date.parse(`${clock(new Date(at), zone)}Z`) - at);
  return new Date(at).toISOString();
}

function clock(at: Date, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-CA", { ...(zone === undefined ? {} : { timeZone: zone }), hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${(found["year"] ?? "").padStart(4, "0")}-${found["month"]}-${found["day"]}T${found["hour"]}:${found["minute"]}:${found["second"]}`;
}
