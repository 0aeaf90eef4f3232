/** Every text a designer asks for by a fixed key is there, and so is every text made of a prefix and a value of a table. */
import { expect, it } from "vitest";
import designerForm from "@/shared/i18n/locales/zh-CN/designer.form.json";
import designerPublish from "@/shared/i18n/locales/zh-CN/designer.publish.json";

const sources = import.meta.glob<string>(["./**/*.{ts,tsx}", "!./**/*.test.ts"], { query: "?raw", import: "default", eager: true });
const stem = (key: string): string => key.replace(/_(one|other)$/, "");

it("has every text", () => {
  const wanted: string[] = [];
  for (const [file, source] of Object.entries(sources)) {
    const texts = new Set(Object.keys(source.includes('useTexts("designer.publish")') ? designerPublish : designerForm).map(stem));
    for (const match of source.matchAll(/\bt\((?:"([^"]+)"|`([^`$]+)\$)|(?:message: |naming\(|Naming\(document, |, )"(entry\.[a-z-]+)"/g)) {
      const [, whole, prefix, entry] = match;
      const key = whole ?? entry;
      if (key !== undefined && !texts.has(key)) wanted.push(`${file}: ${key}`);
      if (prefix !== undefined && ![...texts].some((text) => text.startsWith(prefix))) wanted.push(`${file}: ${prefix}…`);
    }
  }
  expect(wanted).toEqual([]);
});
