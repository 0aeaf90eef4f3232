/** Words what is wrong with a value. */
import type { TFunction } from "i18next";
import type { FormError } from "./formModel";

export function errorText(error: FormError, t: TFunction): string {
  return "text" in error ? error.text : t(`form:check.${error.code}`, { ...error.parts });
}
