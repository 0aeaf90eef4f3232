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

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Returns a date whose month is an English word (Jan 5, 2026; 5 January 2026) with its number in the word's place, year first. */
function withNumbers(typed: string): string {
  const match = /^\s*(?:([a-z]{3,9})\.?\s+(\d{1,2})|(\d{1,2})\s+([a-z]{3,9})\.?),?\s+(\d{4})\s*$/i.exec(typed);
  const month = MONTHS.indexOf((match?.[1] ?? match?.[4] ?? "").slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? typed : `${match?.[5]}-${month}-${match?.[2] ?? match?.[3]}`;
}

/** Returns the ISO date of a typed one (2026-1-5, 2026/01/05, 2026年1月5日, 20260105, Jan 5, 2026; 1-5 is of `thisYear`), or null. */
export function parseDate(written: string, thisYear?: number): string | null {
  const typed = withNumbers(written);
  const match =
    /^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/.exec(typed) ??
    /^\s*(\d{4})(\d{2})(\d{2})\s*$/.exec(typed) ??
    (thisYear === undefined ? null : /^()\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/.exec(typed));
  if (match === null) return null;
  const [fullYear = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const year = match[1] === "" ? (thisYear ?? 0) : fullYear;
  const at = new Date(Date.UTC(year, month - 1, day));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return at.toISOString().slice(0, 10);
}

/** Returns the local text (`2026-01-05T08:30`) of a typed date and time (also 8:30 PM), or null; the time may be left out and is midnight then. */
export function parseLocal(typed: string, thisYear?: number): string | null {
  const match = /^(.*?)(?:,?[\sT]+(\d{1,2})[:：](\d{2})(?:\s*([ap])m)?)?$/i.exec(typed.trim());
  const day = parseDate(match?.[1] ?? "", thisYear);
  const [half, minute] = [match?.[4]?.toLowerCase(), match?.[3] ?? "00"];
  const said = Number(match?.[2] ?? "0");
  if (day === null || said > (half === undefined ? 23 : 12) || (half !== undefined && said === 0) || Number(minute) > 59) return null;
  const hour = half === undefined ? said : (said % 12) + (half === "p" ? 12 : 0);
  return `${day}T${String(hour).padStart(2, "0")}:${minute}`;
}

/** Returns the local text of an ISO instant on the clock of `zone`; null when it is none. */
export function instantToLocal(text: string, zone: string): string | null {
  return isInstant(text) ? clock(new Date(text), zone).slice(0, 16) : null;
}

/** Tells whether a text is an ISO instant: with an offset, never a local time that one happens to be able to parse. */
export function isInstant(text: string): boolean {
  return /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Returns the ISO instant of a local text on the clock of `zone`, or null when it is not complete. */
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
