/** Takes the formulas, gives `dist/.node/answer.mjs`, with which the conformance runner asks the browser's back end in Node. */
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    ssr: "scripts/answer.ts",
    outDir: "dist/.node",
    target: "es2022",
    rolldownOptions: { output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" } },
  },
  ssr: { noExternal: true },
});
