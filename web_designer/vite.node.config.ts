/** Takes the formulas, gives `dist/.node/`: `answer.mjs` answers vectors in Node, `measure.mjs` is what `make bench` runs in a browser. */
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: "dist/.node",
    target: "es2022",
    rolldownOptions: {
      input: ["scripts/answer.ts", "scripts/measure.ts"],
      output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" },
    },
  },
  ssr: { noExternal: true },
});
