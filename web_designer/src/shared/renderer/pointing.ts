/** Which kinds point to records or hold files, what stands beside their values in a record, and what one value is called. No behaviour. */
import { asViewed } from "../api/client";
import type { Values } from "./fieldValues";
import type { FieldModel } from "./types";

/** A file as a record tells of it. */
export interface FileFacts {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  /** Where it is, of one that only the past of a record may hold. */
  readonly address?: string;
}

const ONE: ReadonlySet<string> = new Set(["reference", "member", "department"]);
const SEVERAL: ReadonlySet<string> = new Set(["references", "members", "departments"]);
const FILES: ReadonlySet<string> = new Set(["attachments", "images", "signature"]);

/** Returns whether a value is the id of a record. */
export const pointsToOne = (field: Pick<FieldModel, "kind">): boolean => ONE.has(field.kind);
/** Returns whether a value names a record of one of several entities. */
export const pointsToAny = (field: Pick<FieldModel, "kind">): boolean => field.kind === "any_reference";
/** Returns whether a value is a list of ids of records. */
export const pointsToSeveral = (field: Pick<FieldModel, "kind">): boolean => SEVERAL.has(field.kind);
/** Returns whether a value is a list of ids of files. */
export const holdsFiles = (field: Pick<FieldModel, "kind">): boolean => FILES.has(field.kind);
/** Returns whether a value is a list of ids of either. */
export const isList = (field: Pick<FieldModel, "kind">): boolean => pointsToSeveral(field) || holdsFiles(field);
/** Returns whether the records are people. */
export const isOfPeople = (field: Pick<FieldModel, "to">): boolean => field.to === "organization.user" || field.to === "user";

/** A record of one of several entities. */
export interface AnyRecord {
  readonly entity: string;
  readonly id: string;
}

/** Returns the record a value names, null for none. */
export const anyOf = (value: unknown): AnyRecord | null => (typeof value === "object" && value !== null && "entity" in value ? (value as AnyRecord) : null);

/** Returns a record of one of several entities as filters write it, and back. */
export const anyText = (record: AnyRecord): string => `${record.entity}/${record.id}`;
export const anyFromText = (text: string): AnyRecord => ({ entity: text.slice(0, text.lastIndexOf("/")), id: text.slice(text.lastIndexOf("/") + 1) });

/** Returns the name by which a formula goes on to a record of an entity among several: `user` of `organization.user`. */
export const nameAmong = (entity: string): string => entity.slice(entity.lastIndexOf(".") + 1);

/** Returns the address of the page of a record; the organization's records are in an app of their own. */
export function recordAddress(app: string, entity: string, id: string): string {
  const [home = "", key] = entity.split(".");
  return key === undefined ? `/apps/${app}/records/${entity}/${id}` : `/apps/${home}/records/${key}/${id}`;
}

/** Returns the key of what stands beside a value: titles, or what is known of files. */
export const besideKey = (field: Pick<FieldModel, "key" | "kind">): string => `${field.key}__${holdsFiles(field) ? "files" : "title"}`;

/** Returns what stands beside a value of a record. */
export const beside = (values: Values | undefined, field: Pick<FieldModel, "key" | "kind">): unknown => values?.[besideKey(field)];

/** Returns the entries of a list. */
export const entriesOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

/** Returns what the records of a list are called; one that may not be read by the beginning of its id. */
export function titlesOf(value: unknown, titles: unknown): readonly string[] {
  const known = Array.isArray(titles) ? (titles as unknown[]) : [];
  return entriesOf(value).map((id, place) => (typeof known[place] === "string" && known[place] !== "" ? known[place] : id.slice(0, 8)));
}

/** Returns what is known of the files of a list. */
export function factsOf(value: unknown, files: unknown): readonly FileFacts[] {
  const known = new Map((Array.isArray(files) ? (files as FileFacts[]) : []).map((file) => [file.id, file]));
  return entriesOf(value).map((id) => known.get(id) ?? { id, name: id.slice(0, 8), type: "", size: 0, width: null, height: null });
}

/** Returns the address of a file, of its small picture, or of it to be kept. */
export function fileAddress(file: Pick<FileFacts, "id" | "name" | "address">, how: "" | "small" | "save" = ""): string {
  const address = file.address ?? `/api/files/${file.id}/${encodeURIComponent(file.name)}`;
  return asViewed(how === "" ? address : `${address}${address.includes("?") ? "&" : "?"}${how}=true`);
}

/** Returns the letters that stand for a person: the last two of a Chinese name, the first of two words of others. */
export function initialsOf(name: string): string {
  const plain = name.trim();
  if (/^\p{Script=Han}+$/u.test(plain)) return plain.slice(-2);
  return plain.split(/\s+/).slice(0, 2).map((word) => word.slice(0, 1).toUpperCase()).join("");
}
