/** One month as a table of weeks; a listed day carries the mark 休 or 班, in English the words for them. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { isWeekend, weeksOf, type Listed } from "./yearDays";

interface MonthProps {
  readonly year: number;
  readonly month: number;
  readonly days: Listed;
  /** Left out where nobody may change anything. */
  readonly onTurn?: (date: string) => void;
}

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];

export function Month({ year, month, days, onTurn }: MonthProps): JSX.Element {
  const { i18n } = useTranslation("calendar");
  const words = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, { ...options, timeZone: "UTC" });
  // 1 January 2024 was a Monday.
  const weekdays = WEEKDAYS.map((place) => new Date(Date.UTC(2024, 0, 1 + place)));
  return (
    <table className="calendar-month">
      <caption>{words({ month: "long" }).format(Date.UTC(year, month - 1, 1))}</caption>
      <thead>
        <tr>
          {weekdays.map((day) => (
            <th key={day.getTime()} scope="col" abbr={words({ weekday: "long" }).format(day)}>
              {words({ weekday: "narrow" }).format(day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(year, month).map((week, place) => (
          <tr key={place}>
            {week.map((date, weekday) => (
              <td key={weekday}>{date === null ? null : <Day date={date} days={days} said={words({ dateStyle: "full" })} {...(onTurn ? { onTurn } : {})} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayProps {
  readonly date: string;
  readonly days: Listed;
  readonly said: Intl.DateTimeFormat;
  readonly onTurn?: (date: string) => void;
}

function Day({ date, days, said, onTurn }: DayProps): JSX.Element {
  const { t } = useTranslation("calendar");
  const found = days.get(date);
  const isWorked = found === undefined ? !isWeekend(date) : found.kind === "workday";
  const look = `calendar-day ${isWorked ? "" : "calendar-free"} ${found === undefined ? "" : `calendar-${found.kind}`}`;
  const state = found === undefined ? (isWorked ? t("worked") : t("weekend")) : t(found.kind);
  const label = [said.format(new Date(`${date}T00:00:00Z`)), state, found?.name].filter(Boolean).join(", ");
  const inner = (
    <>
      <span>{Number(date.slice(8))}</span>
      {found === undefined ? null : <span className="calendar-mark">{t(found.kind === "holiday" ? "markHoliday" : "markWorkday")}</span>}
    </>
  );
  if (onTurn === undefined) {
    return (
      <span className={look} role="img" aria-label={label} title={found?.name}>
        {inner}
      </span>
    );
  }
  return (
    <button type="button" className={look} aria-label={label} title={found?.name} onClick={() => onTurn(date)}>
      {inner}
    </button>
  );
}
