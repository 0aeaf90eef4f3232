/** Adds up what each page loads first (gzip, from Vite's manifest) and fails when it is above its budget of kB. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const entry = "index.html";

/** Page -> [kB, module of the route, modules it asks for at once]. */
const pages = {
  "sign-in": [230, "src/app/auth/SignIn.tsx"],
  home: [230, "src/app/launcher/Launcher.tsx", "src/app/shell/Shell.tsx"],
  list: [300, "src/runtime/list/ListPage.tsx", "src/app/shell/Shell.tsx", "src/app/shell/AppLayout.tsx", "src/runtime/list/DataGrid.tsx"],
  detail: [300, "src/runtime/detail/DetailPage.tsx", "src/app/shell/Shell.tsx", "src/app/shell/AppLayout.tsx"],
  form: [260, "src/runtime/form/FormPage.tsx", "src/app/shell/Shell.tsx", "src/app/shell/AppLayout.tsx"],
  // With the list and the calendar, which come when somebody is at a box that has one, or when the page has nothing else to do.
  "form in use": [344, "src/runtime/form/FormPage.tsx", "src/app/shell/Shell.tsx", "src/app/shell/AppLayout.tsx", "src/shared/ui/ComboboxInput.tsx", "src/shared/ui/DatePickerInput.tsx"],
  designer: [450, "src/designer/form/FormDesigner.tsx"],
  publish: [450, "src/designer/publish/PublishPage.tsx"],
};
const CHUNK = 220;

const sizes = new Map();
const size = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist))).length);
  return sizes.get(file);
};

function files(modules) {
  const seen = new Set();
  const found = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`${name} is not in the manifest`);
    found.add(chunk.file);
    for (const css of chunk.css ?? []) found.add(css);
    for (const next of chunk.imports ?? []) visit(next);
  };
  modules.forEach(visit);
  return found;
}

let failed = false;
const report = (name, kilobytes, budget) => {
  const over = kilobytes > budget;
  failed ||= over;
  process.stdout.write(`${over ? "OVER" : "  ok"}  ${name.padEnd(28)} ${kilobytes.toFixed(1).padStart(7)} kB of ${budget}\n`);
};

for (const [page, [budget, ...modules]] of Object.entries(pages)) {
  const total = [...files([entry, ...modules])].reduce((sum, file) => sum + size(file), 0);
  report(page, total / 1000, budget);
}
for (const { file } of Object.values(manifest)) {
  if (file.endsWith(".js") && size(file) / 1000 > CHUNK) report(file, size(file) / 1000, CHUNK);
}
process.exitCode = failed ? 1 : 0;
