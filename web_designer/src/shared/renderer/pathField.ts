/** Takes a path through references such as `customer.city`, gives the field it ends at, called by what it goes through. */
import { entityOf, type EntityModel, type FieldModel, type Labels, type RuntimeModel } from "./types";

/** Returns the field at the end of a path, its key the whole path; of what the reader does not know the shape, a plain text. */
export function pathField(model: RuntimeModel, entity: EntityModel, path: string): FieldModel | undefined {
  const [head = "", ...rest] = path.split(".");
  const field = entity.fields.find((one) => one.key === head);
  if (field === undefined || rest.length === 0) return field;
  if (typeof field.to !== "string") return undefined;
  const target = entityOf(model, field.to);
  const inner = rest.join(".");
  const found = target === undefined ? { key: inner, kind: "text", name: { en: inner } } : pathField(model, target, inner);
  return found === undefined ? undefined : { ...found, key: path, name: joined(field.name, found.name), formula: null };
}

function joined(one: Labels, other: Labels): Labels {
  const languages = Object.keys({ ...one, ...other });
  return Object.fromEntries(languages.map((language) => [language, `${one[language] ?? Object.values(one)[0] ?? ""} · ${other[language] ?? Object.values(other)[0] ?? ""}`]));
}
