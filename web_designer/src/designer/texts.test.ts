/** Every text a designer asks for by a fixed key is there, and so is every text made of a prefix and a value of a table. */
import { expect, it } from "vitest";
import designerAccess from "@/shared/i18n/locales/zh-CN/designer.access.json";
import designerForm from "@/shared/i18n/locales/zh-CN/designer.form.json";
import designerFormula from "@/shared/i18n/locales/zh-CN/designer.formula.json";
import designerProblems from "@/shared/i18n/locales/zh-CN/designer.problems.json";
import designerPublish from "@/shared/i18n/locales/zh-CN/designer.publish.json";
import designerUpgrade from "@/shared/i18n/locales/zh-CN/designer.upgrade.json";
import designerVersions from "@/shared/i18n/locales/zh-CN/designer.versions.json";

const sources = import.meta.glob<string>(["./**/*.{ts,tsx}", "!./**/*.test.ts"], { query: "?raw", import: "default", eager: true });
const namespaces: Readonly<Record<string, object>> = { "designer.access": designerAccess, "designer.form": designerForm, "designer.formula": designerFormula, "designer.problems": designerProblems, "designer.publish": designerPublish, "designer.upgrade": designerUpgrade, "designer.versions": designerVersions };
const stem = (key: string): string => key.replace(/_(one|other)$/, "");

it("has every text", () => {
  const wanted: string[] = [];
  for (const [file, source] of Object.entries(sources)) {
    const namespace = /useTexts\("([a-z.]+)"\)/.exec(source)?.[1] ?? (file.startsWith("./formula/") ? "designer.formula" : "designer.form");
    const texts = new Set(Object.keys(namespaces[namespace] ?? {}).map(stem));
    for (const match of source.matchAll(/\bt\((?:"([^"]+)"|`([^`$]+)\$)|(?:message: |naming\(|Naming\(document, |, )"(entry\.[a-z-]+)"/g)) {
      const [, whole, prefix, entry] = match;
      const key = whole ?? entry;
      if (key !== undefined && !texts.has(key)) wanted.push(`${file}: ${key}`);
      if (prefix !== undefined && ![...texts].some((text) => text.startsWith(prefix))) wanted.push(`${file}: ${prefix}…`);
    }
  }
  expect(wanted).toEqual([]);
});
