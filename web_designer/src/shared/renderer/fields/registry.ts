/** The table of field kinds on the screen: kind -> the component that fills it. A new kind is one line here. */
import { BooleanField } from "./BooleanField";
import { ChoiceField } from "./ChoiceField";
import { DateField, DateTimeField } from "./DateField";
import { NumberField } from "./NumberField";
import { ReferenceField } from "./ReferenceField";
import { LongTextField, TextField } from "./TextField";
import type { FieldComponent } from "./types";

export const FIELDS: Readonly<Record<string, FieldComponent>> = {
  text: TextField,
  long_text: LongTextField,
  number: NumberField,
  money: NumberField,
  boolean: BooleanField,
  date: DateField,
  datetime: DateTimeField,
  choice: ChoiceField,
  reference: ReferenceField,
};
