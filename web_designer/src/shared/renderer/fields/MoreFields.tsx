/** Takes a field of one of the less common kinds, draws its input. A new kind is one line here and one in the registry. */
import { createElement, type JSX } from "react";
import { AddressField } from "./AddressField";
import { BarcodeField } from "./BarcodeField";
import { ChoicesField, TreeChoiceField } from "./ChoicesField";
import { JsonField } from "./JsonField";
import { LocationField } from "./LocationField";
import { DurationField, PercentField, QuantityField } from "./MeasureFields";
import { RatingField } from "./RatingField";
import { RichTextField } from "./RichTextField";
import { SecretField } from "./SecretField";
import { EmailField, PhoneField, TimeField, UrlField } from "./TextFields";
import type { FieldComponent, FieldProps } from "./types";
import "./more.css";

const FIELDS: Readonly<Record<string, FieldComponent>> = {
  rich_text: RichTextField,
  phone: PhoneField,
  email: EmailField,
  url: UrlField,
  barcode: BarcodeField,
  secret: SecretField,
  percent: PercentField,
  quantity: QuantityField,
  rating: RatingField,
  time: TimeField,
  duration: DurationField,
  choices: ChoicesField,
  tree_choice: TreeChoiceField,
  address: AddressField,
  location: LocationField,
  json: JsonField,
};

export function MoreFields(props: FieldProps): JSX.Element | null {
  const Field = FIELDS[props.field.kind];
  return Field === undefined ? null : createElement(Field, props);
}
