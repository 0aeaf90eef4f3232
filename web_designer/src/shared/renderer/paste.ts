/** Takes a block copied from a spreadsheet, gives cells, and the JSON of a cell by the kind of its field. */
import { parseDuration, parsePercent } from "@/shared/format/measures";
import { parseNumber } from "@/shared/format/numbers";
import { localToInstant, parseDate } from "@/shared/format/times";
import type { FieldModel } from "./types";

/** Returns the cells of tab-separated text; a cell in quotes may hold tabs, line ends and doubled quotes. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let cell = "";
  let isQuoted = false;
  const endCell = (): void => {
    rows.at(-1)?.push(cell.trim());
    cell = "";
  };
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at] ?? "";
    if (isQuoted) {
      if (sign === '"' && source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (sign === '"') isQuoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === "\t") endCell();
    else if (sign === "\n") {
      endCell();
      rows.push([]);
    } else cell += sign;
  }
  endCell();
  return rows;
}

const YES = new Set(["是", "有", "√", "✓", "true", "yes", "y", "1"]);
const NO = new Set(["否", "无", "×", "false", "no", "n", "0"]);

const keyOf = (field: FieldModel, text: string): string | undefined => field.options?.find((option) => option.key === text || Object.values(option.name).includes(text))?.key;

/** Returns the JSON of a typed text for a field; `undefined` when it does not fit. References are not for here. */
export function parseCell(field: FieldModel, text: string, zone: string): unknown {
  if (text === "") return null;
  switch (field.kind) {
    case "number":
    case "money":
    case "quantity":
    case "rating":
      return parseNumber(text) ?? undefined;
    case "percent":
      // As a spreadsheet copies it: with its sign, or as a fraction.
      return (/[%％]\s*$/.test(text) ? parsePercent(text) : parseNumber(text)) ?? undefined;
    case "duration":
      return parseDuration(text) ?? undefined;
    case "time": {
      const time = /^(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?$/.exec(text);
      return time === null ? undefined : [time[1]?.padStart(2, "0"), time[2], ...(time[3] === undefined ? [] : [time[3]])].join(":");
    }
    case "choices": {
      const keys = text.split(/[,，、;；|\n]+/).map((part) => keyOf(field, part.trim()));
      return keys.includes(undefined) ? undefined : keys;
    }
    case "location": {
      const [latitude, longitude, ...rest] = text.split(/[,，;\s]+/).map(parseNumber);
      return latitude == null || longitude == null || rest.length > 0 ? undefined : { latitude, longitude };
    }
    case "address":
      return { street: text };
    case "json":
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
    case "date":
      return parseDate(text) ?? undefined;
    case "datetime":
      return localToInstant(text.replace(/\//g, "-").replace(" ", "T"), zone) ?? undefined;
    case "boolean":
      return YES.has(text.toLowerCase()) ? true : NO.has(text.toLowerCase()) ? false : undefined;
    case "any_reference":
      return undefined;
    case "choice":
    case "tree_choice":
      return keyOf(field, text);
    default:
      return text;
  }
}
