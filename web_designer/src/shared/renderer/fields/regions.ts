/** The regions of China as they are today, from the table of the expression language: districts by province and city. */
import table from "../../../../../engines/expression/data/regions.json";

export type Regions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const NO_CITY = /^(?:市辖区|县|(?:省|自治区)直辖县级行政(?:单位|区划))$/;

/** Returns the name a region has today, null for one that is no more. */
function present(names: string): string | null {
  for (const name of names.split(",")) {
    const period = /^\[[0-9]*-([0-9]*)\](.*)$/.exec(name);
    if (period === null) return name;
    if (period[1] === "") return period[2] ?? null;
  }
  return null;
}

/** Returns districts by province and city; what a province holds without a city between stands under its own name. */
export function regions(): Regions {
  const found: Record<string, Record<string, string[]>> = {};
  const provinces: Readonly<Record<string, string>> = table.provinces;
  for (const written of Object.values(provinces)) {
    const names = new Map<string, string>();
    for (const entry of written.split(" ")) {
      const name = present(entry.slice(4));
      if (name !== null) names.set(entry.slice(0, 4), name);
    }
    const province = names.get("0000");
    if (province === undefined) continue;
    const cities: Record<string, string[]> = {};
    for (const [code, name] of names) {
      if (!code.endsWith("00") || code === "0000") continue;
      const city = NO_CITY.test(name) ? province : name;
      const inner = [...names].filter(([other, one]) => other.startsWith(code.slice(0, 2)) && !other.endsWith("00") && one !== "市辖区").map(([, one]) => one);
      cities[city] = [...(cities[city] ?? []), ...inner];
    }
    found[province] = cities;
  }
  return found;
}
