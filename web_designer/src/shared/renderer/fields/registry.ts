/** The table of field kinds on the screen: kind -> the component that fills it. A new kind is one line here. */
import { BooleanField } from "./BooleanField";
import { ChoiceField } from "./ChoiceField";
import { DateField, DateTimeField } from "./DateField";
import { MoreField } from "./MoreField";
import { NumberField } from "./NumberField";
import { ReferenceField } from "./ReferenceField";
import { whenDrawn } from "@/shared/ui/later";
import { Waiting } from "./Waiting";
import { LongTextField, TextField } from "./TextField";
import type { FieldComponent } from "./types";

const Records = whenDrawn(async () => (await import("./RecordsField")).RecordsField, Waiting);
const Files = whenDrawn(async () => (await import("./FilesField")).FilesField, Waiting);

const AnyReference = whenDrawn(async () => (await import("./AnyReferenceField")).AnyReferenceField, Waiting);

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
  member: ReferenceField,
  department: ReferenceField,
  references: Records,
  any_reference: AnyReference,
  members: Records,
  departments: Records,
  attachments: Files,
  images: Files,
  signature: whenDrawn(async () => (await import("./SignatureField")).SignatureField, Waiting),
  rich_text: MoreField,
  phone: MoreField,
  email: MoreField,
  url: MoreField,
  barcode: MoreField,
  secret: MoreField,
  percent: MoreField,
  quantity: MoreField,
  rating: MoreField,
  time: MoreField,
  duration: MoreField,
  choices: MoreField,
  tree_choice: MoreField,
  address: MoreField,
  location: MoreField,
  json: MoreField,
};
