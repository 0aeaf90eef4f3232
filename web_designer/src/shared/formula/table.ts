/** Gathers the browser's functions by name: those every page has, and those loaded when a formula calls them. */
import { CHOICES, type Make } from "./choices";
import { DATES } from "./dates";
import { LISTS } from "./lists";
import type { Functions, Load } from "./later";
import { NUMBERS } from "./numbers";
import { TEXTS } from "./texts";
import type { FormulaContext, Node, TreeJson, Value } from "./values";

type Plain = (...values: Value[]) => Value;
type InContext = (context: FormulaContext, ...values: Value[]) => Value;

const makes = new Map<string, Make>();
const plain = new Map<string, Plain>();
const inContext = new Map<string, InContext>();
const loaded = new Set<Load>();
/** The names of calls for which everything there is has been loaded. */
const ready = new Set<string>();

add({ makes: { ...CHOICES, ...LISTS }, plain: { ...NUMBERS, ...TEXTS }, inContext: DATES } as Functions);

function add(functions: Functions): void {
  for (const [name, make] of Object.entries(functions.makes ?? {})) makes.set(name, make);
  for (const [name, apply] of Object.entries(functions.plain ?? {})) plain.set(name, apply as Plain);
  for (const [name, apply] of Object.entries(functions.inContext ?? {})) inContext.set(name, apply as InContext);
}

/** Returns the names of all calls that the browser can compute, loaded or not. */
export async function names(): Promise<ReadonlySet<string>> {
  const { LATER } = await import("./later");
  return new Set([...makes.keys(), ...plain.keys(), ...inContext.keys(), ...Object.keys(LATER)]);
}

export function makeOf(name: string): Make | undefined {
  return makes.get(name);
}

/** Returns the function of a call that computes all its arguments first; throws for one that is not there. */
export function applyOf(name: string): (context: FormulaContext, values: Value[]) => Value {
  const apply = plain.get(name);
  if (apply !== undefined) return (_, values) => apply(...values);
  const dated = inContext.get(name);
  if (dated !== undefined) return (context, values) => dated(context, ...values);
  throw new Error(`the browser cannot compute ${name}`);
}

/** Returns whether all functions that trees call are there, as far as they ever can be. */
export function isPrepared(trees: Iterable<TreeJson>): boolean {
  return missing(trees).length === 0;
}

/** Loads the functions that trees call and that are not there yet; without any it answers at once. */
export async function prepare(trees: Iterable<TreeJson>): Promise<void> {
  const lacking = missing(trees);
  if (lacking.length === 0) return;
  const { LATER } = await import("./later");
  const wanted = new Set(lacking.flatMap((name) => LATER[name] ?? []).filter((load) => !loaded.has(load)));
  for (const functions of await Promise.all([...wanted].map((load) => load()))) add(functions);
  for (const load of wanted) loaded.add(load);
  for (const name of lacking) ready.add(name);
}

/** Returns whether trees read the site's calendar. */
export function readsCalendar(trees: Iterable<TreeJson>): boolean {
  return called(trees).some((name) => name.startsWith("calendar."));
}

function missing(trees: Iterable<TreeJson>): readonly string[] {
  return called(trees).filter((name) => !ready.has(name) && !(makes.has(name) || plain.has(name) || inContext.has(name)));
}

function called(trees: Iterable<TreeJson>): string[] {
  return [...new Set([...trees].flatMap((tree) => calls(tree as unknown as Node)))];
}

function calls(tree: Node): string[] {
  return "call" in tree ? [tree.call, ...tree.args.flatMap(calls)] : [];
}
