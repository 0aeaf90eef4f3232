/** Shows values of the less common kinds: short in lists, whole on detail pages. */
import type { JSX, ReactNode } from "react";
import { percentOf, showDuration } from "@/shared/format/measures";
import { showNumber } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import { Tag } from "@/shared/ui/Tag";
import { pathText } from "../optionTree";
import type { FieldModel } from "../types";
import { addressText, locationText, type AddressParts } from "./addressText";
import { Barcode } from "./Barcode";
import { MASK } from "./masks";
import { RichText, wordsOf } from "./RichText";
import { Stars } from "./Stars";
import "../fields/more.css";

export interface MoreValueProps {
  readonly field: FieldModel;
  readonly value: unknown;
  readonly language: string;
  /** Whether there is room for all of it. */
  readonly isWhole: boolean;
}

type Show = (props: MoreValueProps & { readonly text: string }) => ReactNode;

const link = (href: string, text: string): JSX.Element => (
  <a href={href} target={href.startsWith("http") ? "_blank" : undefined} rel="noopener noreferrer" onClick={(event) => event.stopPropagation()}>
    {text}
  </a>
);

const named = (field: FieldModel, key: string, text: string): ReactNode => {
  const color = field.options?.find((option) => option.key === key)?.color;
  return color ? <Tag color={color}>{text}</Tag> : text;
};

const SHOWN: Readonly<Record<string, Show>> = {
  percent: ({ text, language }) => `${showNumber(percentOf(text) ?? text, language)}%`,
  quantity: ({ field, text, language }) => `${showNumber(text, language)}${field.unit ? ` ${field.unit}` : ""}`,
  rating: ({ field, text }) => <Stars count={Number(text)} most={Number(field.max ?? 5)} />,
  duration: ({ field, text, language }) => showDuration(text, field.show, language) ?? text,
  choices: ({ field, value, language }) => (
    <span className="tags">
      {(Array.isArray(value) ? (value as string[]) : []).map((key) => {
        const option = field.options?.find((one) => one.key === key);
        return (
          <Tag key={key} color={option?.color}>
            {label(option?.name, language, key)}
          </Tag>
        );
      })}
    </span>
  ),
  tree_choice: ({ field, text, language }) => named(field, text, pathText(field.options ?? [], text, language)),
  phone: ({ text, isWhole }) => (isWhole ? link(`tel:${text.replace(/[^+\d]/g, "")}`, text) : text),
  email: ({ text, isWhole }) => (isWhole ? link(`mailto:${text}`, text) : text),
  url: ({ text }) => (/^https?:\/\//.test(text) ? link(text, text) : text),
  barcode: ({ field, text, isWhole }) => (isWhole ? <Barcode text={text} format={field.format} /> : text),
  secret: () => MASK,
  address: ({ value }) => addressText(value as AddressParts),
  location: ({ value }) => locationText(value as object),
  json: ({ value, isWhole }) => (isWhole ? <pre className="json-text">{JSON.stringify(value, null, 2)}</pre> : <code>{JSON.stringify(value)}</code>),
  rich_text: ({ text, isWhole }) => (isWhole ? <RichText html={text} /> : wordsOf(text)),
};

export function MoreValue(props: MoreValueProps): JSX.Element {
  return <>{SHOWN[props.field.kind]?.({ ...props, text: typeof props.value === "string" ? props.value : "" }) ?? String(props.value)}</>;
}
