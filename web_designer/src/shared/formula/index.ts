/** Formulas in the browser: a typed tree from the server becomes a function, for previews while a form is filled. */
export { compile, NAMES } from "./compile";
export { references } from "./references";
export { ErrorValue, type Env, type FormulaContext, type TreeJson, type Value } from "./values";
