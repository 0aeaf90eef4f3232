/** The round sign of a person: a few letters of the name on a colour that is always the same; the name stands beside it. */
import type { JSX } from "react";
import { initialsOf } from "./pointing";
import "./lists.css";

export interface PersonProps {
  readonly name: string;
}

/** The sign of a person with the name beside it. */
export function Person({ name }: PersonProps): JSX.Element {
  return (
    <span className="person">
      <Initials name={name} /> {name}
    </span>
  );
}

export function Initials({ name }: PersonProps): JSX.Element {
  const tone = [...name].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 6, 7);
  return (
    <span className={`initials initials-${tone % 6}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
