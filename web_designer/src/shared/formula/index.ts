/** Formulas in the browser: a typed tree from the server becomes a function, for previews while a form is filled. */
export { compile } from "./compile";
export { isPrepared, names, prepare, readsCalendar } from "./table";
export { references } from "./references";
export { ErrorValue, readTime, type Calendar, type Env, type FormulaContext, type TreeJson, type Value } from "./values";
