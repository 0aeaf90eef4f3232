/** The region a citizen's number begins with, by the names in use when the person was born. */
import regions from "../../../../engines/expression/data/regions.json";
import { cardBirthday } from "./chinese";

const provinces: Readonly<Record<string, string>> = regions.provinces;
const NO_NAME = /^(?:市辖区|县|(?:省|自治区)直辖县级行政(?:单位|区划))$/;

/** Returns the name in use in a year, else the next one, else the last. */
function nameIn(names: string, year: number): string {
  let found = "";
  for (const name of names.split(",")) {
    const period = /^\[[0-9]*-([0-9]*)\](.*)$/.exec(name);
    if (period === null) return name;
    found = period[2] ?? "";
    if (period[1] === "" || year <= Number(period[1])) return found;
  }
  return found;
}

function regionName(card: string): string | null {
  const birth = cardBirthday(card);
  if (birth === null) return null;
  const known = new Map((provinces[card.slice(0, 2)] ?? "").split(" ").map((entry) => [entry.slice(0, 4), entry.slice(4)]));
  const code = card.slice(2, 6);
  const parts = [...new Set(["0000", `${card.slice(2, 4)}00`, code])].flatMap((one) => known.get(one) ?? []);
  if (!known.has("0000") || (parts.length === 1 && code !== "0000")) return null;
  const names = parts.map((part) => nameIn(part, Number(birth.slice(0, 4))));
  return names.filter((name) => !NO_NAME.test(name)).join("");
}

export const plain = { IDCARDREGIONNAME: regionName };
