/** Percentages and spans of time: what people type becomes exact text (a fraction, minutes), and that becomes what they read. */
import Big from "big.js";
import { parseNumber } from "./numbers";

/** Returns a fraction as percent: `0.155` is `15.5`; null when it is no number. */
export function percentOf(fraction: string): string | null {
  return parseNumber(fraction) === null ? null : new Big(fraction).times(100).toFixed();
}

/** Returns the fraction of a typed percentage: `15`, `15%` and `１５％` are `0.15`; null when it is none. */
export function parsePercent(typed: string): string | null {
  const number = parseNumber(typed.replace(/[%％]\s*$/, ""));
  return number === null ? null : new Big(number).div(100).toFixed();
}

const CLOCK = /^(-?)(\d{1,6})[:：]([0-5]?\d)$/;
const SPAN = /^(-?)(?:([\d.]+)\s*(?:天|日|days?|d))?\s*(?:([\d.]+)\s*(?:个?小时|时|hours?|hrs?|h))?\s*(?:([\d.]+)\s*(?:分钟|分|minutes?|mins?|m))?$/i;

/** Returns the minutes of a typed span: `1:30`, `1h30m`, `1小时30分`, `90`; null when it is none. */
export function parseDuration(typed: string): string | null {
  const text = typed.trim();
  const clock = CLOCK.exec(text);
  if (clock !== null) {
    const minutes = Number(clock[2]) * 60 + Number(clock[3]);
    return minutes === 0 ? "0" : `${clock[1] ?? ""}${String(minutes)}`;
  }
  const span = SPAN.exec(text);
  if (span !== null && (span[2] ?? span[3] ?? span[4]) !== undefined) {
    const [days, hours, minutes] = [span[2] ?? "0", span[3] ?? "0", span[4] ?? "0"].map(parseNumber);
    if (days == null || hours == null || minutes == null) return null;
    const total = new Big(days).times(1440).plus(new Big(hours).times(60)).plus(minutes).round(0, Big.roundHalfUp);
    return (span[1] === "-" ? total.neg() : total).toFixed().replace(/^-0$/, "0");
  }
  return parseNumber(text);
}

/** Returns minutes as `26:00`, or with days as `1 d 2:00`; null when they are no number. */
export function showDuration(minutes: string, show: string | null | undefined, language: string): string | null {
  const number = parseNumber(minutes);
  if (number === null) return null;
  const total = Math.round(Math.abs(Number(number)));
  const sign = number.startsWith("-") && total > 0 ? "-" : "";
  const days = show === "days" ? Math.floor(total / 1440) : 0;
  const rest = total - days * 1440;
  const clock = `${String(Math.floor(rest / 60))}:${String(rest % 60).padStart(2, "0")}`;
  return `${sign}${days > 0 ? `${String(days)} ${language === "zh-CN" ? "天" : "d"} ` : ""}${clock}`;
}
