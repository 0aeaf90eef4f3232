/** Fails when a language misses a text of the source language or has one that the source has not, or a placeholder differs. */
import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../src/shared/i18n/locales/", import.meta.url);
const source = "zh-CN";
const namespaces = readdirSync(new URL(`${source}/`, root));
const problems = [];

const read = (language, file) => JSON.parse(readFileSync(new URL(`${language}/${file}`, root), "utf8"));
const places = (text) => (text.match(/{{[^}]+}}/g) ?? []).sort().join();
// Plural forms differ between languages: en has _one and _other, zh has _other alone.
const stem = (key) => key.replace(/_(zero|one|two|few|many|other)$/, "");

for (const language of readdirSync(root)) {
  const files = readdirSync(new URL(`${language}/`, root));
  for (const file of new Set([...namespaces, ...files])) {
    if (!files.includes(file)) problems.push(`${language}/${file} is missing`);
    else if (!namespaces.includes(file)) problems.push(`${source}/${file} is missing`);
    else {
      const wanted = read(source, file);
      const got = read(language, file);
      const wantedStems = new Map(Object.entries(wanted).map(([key, text]) => [stem(key), text]));
      const gotStems = new Map(Object.entries(got).map(([key, text]) => [stem(key), text]));
      for (const [key, text] of wantedStems) {
        if (!gotStems.has(key)) problems.push(`${language}/${file}: ${key} is missing`);
        else if (!gotStems.get(key)) problems.push(`${language}/${file}: ${key} is empty`);
        else if (places(gotStems.get(key)) !== places(text)) problems.push(`${language}/${file}: ${key} has other placeholders`);
      }
      for (const key of gotStems.keys()) if (!wantedStems.has(key)) problems.push(`${source}/${file}: ${key} is missing`);
    }
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
