/** Writes dates in the Chinese calendar of 1900 to 2100, from the same table as the server. */
import table from "../../../../engines/expression/data/lunar.json";
import { Failure } from "./values";

const DAY_MS = 86_400_000;
const STEMS = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES = "子丑寅卯辰巳午未申酉戌亥";
const MONTHS = ["正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "腊月"];
const codes = table.years.join(" ").split(" ");

/** Returns the months of a year with their days. */
function months(code: string): (readonly [string, number])[] {
  const bits = parseInt(code, 16);
  return MONTHS.flatMap((name, place) => {
    const month = [name, (bits & (0x8000 >> place)) !== 0 ? 30 : 29] as const;
    return (bits & 15) === place + 1 ? [month, [`闰${name}`, (bits & 0x10000) !== 0 ? 30 : 29] as const] : [month];
  });
}

function day(number: number): string {
  if (number === 20 || number === 30) return number === 20 ? "二十" : "三十";
  return (number <= 10 ? "初" : number < 20 ? "十" : "廿") + "十一二三四五六七八九".charAt(number % 10);
}

function lunarDate(date: string): string {
  let rest = Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${table.first}T00:00:00Z`)) / DAY_MS);
  if (rest < 0) throw new Failure("LIMIT");
  for (const [place, code] of codes.entries()) {
    for (const [name, size] of months(code)) {
      if (rest < size) return `${STEMS.charAt((place + 6) % 10)}${BRANCHES.charAt(place % 12)}年${name}${day(rest + 1)}`;
      rest -= size;
    }
  }
  throw new Failure("LIMIT");
}

export const plain = { LUNARDATE: lunarDate };
