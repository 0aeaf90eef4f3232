/** How many bytes something has, as people read it. */

/** Returns a size in the largest unit that keeps it above one. */
export function showSize(bytes: number, language: string): string {
  const [amount, unit] = bytes < 1000 ? [bytes, "byte"] : bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: unit === "megabyte" ? 1 : 0 }).format(amount);
}
