/** Takes a path through references such as `customer.city`, gives the field it ends at, called by what it goes through. */
import { nameAmong } from "./pointing";
import { entityOf, type EntityModel, type FieldModel, type Labels, type RuntimeModel } from "./types";

/** Returns the field at the end of a path, its key the whole path; of what the reader does not know the shape, a plain text. */
export function pathField(model: RuntimeModel, entity: Pick<EntityModel, "fields">, path: string): FieldModel | undefined {
  const [head = "", ...rest] = path.split(".");
  const field = entity.fields.find((one) => one.key === head);
  if (field === undefined || rest.length === 0) return field;
  if (field.among != null) return amongField(model, field, rest, path);
  if (typeof field.to !== "string") return undefined;
  const target = entityOf(model, field.to);
  const inner = rest.join(".");
  const found = target === undefined ? { key: inner, kind: "text", name: { en: inner } } : pathField(model, target, inner);
  return found === undefined ? undefined : { ...found, key: path, name: joined(field.name, found.name), formula: null };
}

/** Returns what a path goes on to from a record of one of several entities: which entity it is of, or a field of it where it is of a certain one. */
function amongField(model: RuntimeModel, field: FieldModel, [name = "", ...rest]: readonly string[], path: string): FieldModel | undefined {
  const given = { key: path, name: field.name, formula: null };
  if (name === "entity" && rest.length === 0) return { ...given, kind: "choice", options: (field.among ?? []).map((one) => ({ key: one.to, name: one.to_name })) };
  const one = field.among?.find((other) => nameAmong(other.to) === name);
  const reference = one === undefined ? undefined : { ...given, kind: "reference", name: joined(field.name, one.to_name), to: one.to, to_title: one.to_title ?? null };
  if (reference === undefined || rest.length === 0) return reference;
  const found = pathField(model, { fields: [{ ...reference, key: name }] }, [name, ...rest].join("."));
  return found === undefined ? undefined : { ...found, key: path };
}

function joined(one: Labels, other: Labels): Labels {
  const languages = Object.keys({ ...one, ...other });
  return Object.fromEntries(languages.map((language) => [language, `${one[language] ?? Object.values(one)[0] ?? ""} · ${other[language] ?? Object.values(other)[0] ?? ""}`]));
}
