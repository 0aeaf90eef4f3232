/** Spells Chinese texts in pinyin without tones; in phrases some characters are read in another way, the longest phrase counts. */
import table from "../../../../engines/expression/data/pinyin.json";
import { Failure, MAX_TEXT } from "./values";

const characters = new Map<string, string>();
for (const [syllable, written] of Object.entries(table.characters)) for (const character of written) characters.set(character, syllable);
const phrases = new Map<string, string>(Object.entries(table.phrases));
const longest = new Map<string, number>();
for (const phrase of phrases.keys()) {
  const first = phrase.charAt(0);
  longest.set(first, Math.max(longest.get(first) ?? 0, phrase.length));
}

interface Part {
  readonly text: string;
  readonly isSyllable: boolean;
}

/** Returns a text in parts: syllables, and what lies between Chinese characters, without blanks around it. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  const keep = (from: number, to: number) => {
    let [start, end] = [from, to];
    while (start < end && text.charAt(start) === " ") start += 1;
    while (start < end && text.charAt(end - 1) === " ") end -= 1;
    if (start < end) parts.push({ text: text.slice(start, end), isSyllable: false });
  };
  let [place, kept] = [0, 0];
  while (place < text.length) {
    const syllable = characters.get(text.charAt(place));
    if (syllable === undefined) {
      place += 1;
      continue;
    }
    keep(kept, place);
    let size = longest.get(text.charAt(place)) ?? 1;
    while (size > 1 && !phrases.has(text.slice(place, place + size))) size -= 1;
    const spelt = size > 1 ? (phrases.get(text.slice(place, place + size)) ?? "") : syllable;
    for (const one of spelt.split(" ")) parts.push({ text: one, isSyllable: true });
    place += size;
    kept = place;
  }
  keep(kept, text.length);
  return parts;
}

function pinyin(text: string, form: string): string {
  let spelt: string;
  if (form === "full") spelt = partsOf(text).map((part) => part.text).join(" ");
  else if (form === "initials") spelt = partsOf(text).map((part) => (part.isSyllable ? part.text.charAt(0) : part.text)).join("");
  else throw new Failure("VALUE");
  if (spelt.length > MAX_TEXT && [...spelt].length > MAX_TEXT) throw new Failure("LIMIT");
  return spelt;
}

export const plain = { PINYIN: pinyin };
