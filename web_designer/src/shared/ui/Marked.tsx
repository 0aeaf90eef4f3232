/** Shows a text with the words somebody looks for marked in it, whatever their case and width. */
import { createContext, useContext, type JSX } from "react";

/** What is looked for in the list around. */
export const WordsContext = createContext("");

const folded = (text: string): string => text.normalize("NFKC").toLowerCase();

export function Marked({ text }: { readonly text: string }): JSX.Element {
  const words = useContext(WordsContext);
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  const plain = folded(text);
  // Where folding changes the length of a text its places are not those of what is shown.
  if (plain.length !== text.length || wanted.length === 0) return <>{text}</>;
  const parts: JSX.Element[] = [];
  let place = 0;
  while (place < text.length) {
    const next = wanted.map((word) => ({ at: plain.indexOf(word, place), size: word.length })).filter((one) => one.at >= 0).sort((a, b) => a.at - b.at || b.size - a.size)[0];
    if (next === undefined) break;
    parts.push(<span key={`t${place}`}>{text.slice(place, next.at)}</span>, <mark key={`m${next.at}`}>{text.slice(next.at, next.at + next.size)}</mark>);
    place = next.at + next.size;
  }
  return <>{[...parts, <span key="rest">{text.slice(place)}</span>]}</>;
}
