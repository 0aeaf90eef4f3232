/** The inputs of kinds that few forms have: drawn when they have been loaded, with an empty box in their place until then. */
import type { JSX } from "react";
import { whenDrawn } from "@/shared/ui/later";
import type { FieldProps } from "./types";

const Waiting = ({ inputId, aria }: FieldProps): JSX.Element => <input id={inputId} className="input" {...aria} readOnly aria-busy="true" />;

export const MoreField = whenDrawn<FieldProps>(async () => (await import("./MoreFields")).MoreFields, Waiting);
