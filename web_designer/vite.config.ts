/** Takes the sources, gives the files the server serves: hashed assets, a manifest for the budget check. */
import { fileURLToPath, URL } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const vendor = (name: string, test: RegExp, priority: number) => ({ name: `v-${name}`, test, priority });

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Lower targets make lightningcss rewrite light-dark(), and the grid then loses its borders.
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            vendor("react", /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/, 30),
            vendor("data", /node_modules[\\/](@tanstack[\\/](react-query|query-core)|i18next|react-i18next|zustand|openapi-fetch)[\\/]/, 25),
            vendor("grid", /node_modules[\\/]react-data-grid[\\/]/, 20),
            vendor("dnd", /node_modules[\\/](@dnd-kit|mutative)[\\/]/, 20),
            vendor("codemirror", /node_modules[\\/](@codemirror|@lezer|@marijn|style-mod|w3c-keyname|crelt)[\\/]/, 20),
            // What most pages share is one file: a third of their requests less, and a few kB, for small files compress badly.
            { name: "shared", test: /src[\\/]shared[\\/]/, minShareCount: 9, priority: 5 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": process.env["DOUGONG_SERVER"] ?? "http://127.0.0.1:8000",
      "/problems": process.env["DOUGONG_SERVER"] ?? "http://127.0.0.1:8000",
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.{ts,tsx}"] },
});
