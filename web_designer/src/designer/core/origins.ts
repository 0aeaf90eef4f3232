/** Takes what packages say of an element and what it says now, gives where it comes from and what was changed here. */
import type { ApiClient } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";
import { LANGUAGES, type Language } from "@/shared/i18n/label";
import { same } from "./commands";
import type { Json, Keyed, Pointer } from "./doc";

export type Origins = components["schemas"]["OriginsAnswer"];
/** A property that says something else than the package, or its text in one language; `whole` is the property as it is when put back. Undefined is none. */
export type Changed = { readonly property: string; readonly language: Language | null; readonly before: Json | undefined; readonly whole: Json | undefined };
export type Origin = { readonly package: string; readonly version: string; readonly changed: readonly Changed[] };

/** A list of elements is told by its elements. */
const NOT_OWN: ReadonlySet<string> = new Set(["key", "states", "decision", "extend"]);

export const readOrigins = (api: ApiClient, app: string, under: readonly Pointer[]): Promise<Origins> =>
  api.json<Origins>(`/api/apps/${encodeURIComponent(app)}/provenance/packages`, { query: new URLSearchParams(under.map((pointer) => ["under", pointer])) });

/** Return where the element at a pointer comes from; null: it was made here. */
export function originOf(origins: Origins, pointer: Pointer, element: Keyed): Origin | null {
  const found = origins.elements[pointer];
  if (found === undefined) return null;
  const before = found.values as Readonly<Record<string, Json>>;
  const now = own(element);
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => !same(before[name] as never, now[name] as never)).flatMap((name) => changesOf(name, before[name], now[name]));
  return { package: found.package, version: origins.packages[found.package]?.version ?? "", changed };
}

/** Return what differs of one property; of texts each language for itself, for one language alone may be put back. */
function changesOf(property: string, before: Json | undefined, now: Json | undefined): readonly Changed[] {
  if (!isTexts(before) || !isTexts(now)) return [{ property, language: null, before, whole: before }];
  return LANGUAGES.filter((one) => before[one] !== now[one]).map((language) => {
    const text = before[language];
    const others = Object.entries(now).filter(([other]) => other !== language);
    return { property, language, before: text, whole: Object.fromEntries([...others, ...(text === undefined ? [] : [[language, text] as const])]) };
  });
}

function isTexts(value: Json | undefined): value is { readonly [language: string]: string } {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0 && Object.keys(value).every((one) => (LANGUAGES as readonly string[]).includes(one));
}

/** Return what an element says itself, without the elements in it. */
function own(element: Keyed): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(element as unknown as Record<string, Json>).filter(([name, value]) => !NOT_OWN.has(name) && !isElements(value)));
}

function isElements(value: Json): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null && ("key" in one || "extend" in one));
}
