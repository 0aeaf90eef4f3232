/** The model of an app in, the pages one can go to out; and which of them somebody means by a few letters, pinyin or its initials. */
import { label } from "@/shared/i18n/label";
import type { RuntimeModel } from "@/shared/renderer/types";

/** A page to go to. kind: what sort of page it is, which is a key of texts. */
export interface PageEntry {
  readonly path: string;
  readonly title: string;
  readonly icon: string;
  readonly kind: "list" | "new" | "design" | "app";
}

/** Spells a Chinese text in pinyin, `full` with blanks between or its `initials`. */
export type Spell = (text: string, form: "full" | "initials") => string;

/** Returns the pages of an app: its menu, lists that are not in it, new records, forms to design. */
export function pagesOf(model: RuntimeModel, language: string): PageEntry[] {
  const named = new Map(model.menus.flatMap((menu) => menu.items.map((item) => [item.view, { item, menu }] as const)));
  const views = [...new Set([...named.keys(), ...model.views.map((view) => view.key)])].flatMap((key) => model.views.filter((view) => view.key === key));
  const lists = views.map((view): PageEntry => {
    const found = named.get(view.key);
    const title = label(found?.item.name, language) || label(view.name, language, view.key);
    return { path: `/apps/${model.app}/views/${view.key}`, title, icon: found?.item.icon ?? found?.menu.icon ?? "list", kind: "list" };
  });
  const makes = model.entities
    .filter((entity) => entity.actions.includes("create") && entity.kind !== "single")
    .map((entity): PageEntry => ({ path: `/apps/${model.app}/records/${entity.key}/new`, title: label(entity.name, language, entity.key), icon: "add", kind: "new" }));
  const forms = model.may.includes("design")
    ? model.forms.map((form): PageEntry => ({ path: `/design/${model.app}/forms/${form.key}`, title: label(form.name, language, form.key), icon: "design", kind: "design" }))
    : [];
  return [...lists, ...makes, ...forms];
}

const plain = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Returns the pages that are meant, the best first: called so, beginning so, having it, spelt so. Everything is meant by nothing. */
export function pagesMeant(pages: readonly PageEntry[], typed: string, spell: Spell | null): PageEntry[] {
  const wanted = plain(typed).trim();
  if (wanted === "") return [...pages];
  const letters = wanted.replace(/\s+/g, "");
  const rank = (page: PageEntry): number => {
    const title = plain(page.title);
    if (title === wanted) return 0;
    if (title.startsWith(wanted)) return 1;
    if (title.includes(wanted)) return 2;
    if (spell === null || !/^[a-z0-9]+$/.test(letters)) return 9;
    const initials = plain(spell(title, "initials")).replace(/\s+/g, "");
    if (initials.startsWith(letters)) return 3;
    const full = plain(spell(title, "full"));
    if (full.replace(/\s+/g, "").startsWith(letters)) return 4;
    return initials.includes(letters) || ` ${full}`.split(" ").some((_, at, all) => all.slice(at).join("").startsWith(letters)) ? 5 : 9;
  };
  return pages
    .map((page) => ({ page, rank: rank(page) }))
    .filter((one) => one.rank < 9)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.page);
}
