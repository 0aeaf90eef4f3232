/** The lint rules: strict TypeScript, the rules of hooks, and the floors of imports. */
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const refuse = (...patterns) => ({
  "no-restricted-imports": ["error", { patterns: patterns.map(([group, message]) => ({ group, message })) }],
});

export default ts.config(
  { ignores: ["dist", "node_modules", "src/shared/api/schema.d.ts"] },
  ...ts.configs.strict,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["src/shared/**/*.{ts,tsx}"],
    rules: refuse([["@/runtime/*", "@/designer/*", "@/app/*"], "shared imports no feature."]),
  },
  {
    files: ["src/runtime/**/*.{ts,tsx}"],
    rules: refuse([["@/designer/*", "@/app/*"], "runtime imports shared only."]),
  },
  {
    files: ["src/designer/**/*.{ts,tsx}"],
    rules: refuse([["@/runtime/*", "@/app/*"], "designer imports shared only."]),
  },
);
