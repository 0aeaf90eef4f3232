/** Takes a password being typed and what its owner is called, gives how hard it is to guess; pure. What is refused is up to the server, whose rules these are but for its list. */

/** The shortest the server takes. */
export const SHORTEST = 12;

export interface Strength {
  /** From 0, which the server refuses, to 4. */
  readonly level: 0 | 1 | 2 | 3 | 4;
  /** What is to be said: why it is refused, or how strong it is. */
  readonly says: "short" | "own" | "repeated" | "weak" | "fair" | "good" | "strong";
}

const SHORTEST_OWN = 3;
const BITS = [55, 75, 110] as const;

/** Returns how strong a password is; `own` are names and e-mails of its owner. */
export function strengthOf(password: string, own: readonly string[]): Strength {
  const letters = [...password];
  if (letters.length < SHORTEST) return { level: 0, says: "short" };
  const lowered = password.normalize("NFKC").toLowerCase();
  if (isMadeOf(lowered, own)) return { level: 0, says: "own" };
  if (/^(.{1,5}?)\1+$/su.test(lowered) || isSequence([...lowered])) return { level: 0, says: "repeated" };
  const bits = surprising(letters) * Math.log2(alphabet(password));
  const place = BITS.filter((limit) => bits >= limit).length;
  return { level: (place + 1) as Strength["level"], says: (["weak", "fair", "good", "strong"] as const)[place] ?? "weak" };
}

/** Says whether hardly anything is left of a password without the words that name its owner. */
function isMadeOf(lowered: string, own: readonly string[]): boolean {
  const words = own.flatMap((text) => [text.toLowerCase(), ...text.normalize("NFKC").toLowerCase().split(/[^\p{L}\p{N}]+/u)]).filter((word) => word.length >= SHORTEST_OWN);
  let left = lowered;
  for (const word of [...new Set(words)].sort((one, other) => other.length - one.length)) left = left.replaceAll(word, "");
  return left.length < lowered.length && [...left].filter((letter) => /\p{L}/u.test(letter)).length < SHORTEST_OWN;
}

const stepAt = (letters: readonly string[], place: number): number => (letters[place]?.codePointAt(0) ?? 0) - (letters[place - 1]?.codePointAt(0) ?? 0);

function isSequence(letters: readonly string[]): boolean {
  return [-1, 1].some((step) => letters.every((_, place) => place === 0 || stepAt(letters, place) === step));
}

/** Counts the characters that do not merely go on with what was begun: repeated ones and those of a sequence count a quarter. */
function surprising(letters: readonly string[]): number {
  const seen = new Set<string>();
  return letters.reduce((sum, letter, place) => {
    const goesOn = place > 1 && Math.abs(stepAt(letters, place)) <= 1 && stepAt(letters, place) === stepAt(letters, place - 1);
    const worth = goesOn ? 0.25 : seen.has(letter) ? 0.6 : 1;
    seen.add(letter);
    return sum + worth;
  }, 0);
}

/** Returns from how many characters somebody chose, as far as can be told: by the kinds of them there are. */
function alphabet(password: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [[/[a-z]/u, 26], [/[A-Z]/u, 26], [/[0-9]/u, 10], [/[ -/:-@[-`{-~]/u, 33], [/[^ -~]/u, 2000]];
  return Math.max(2, kinds.reduce((sum, [kind, size]) => (kind.test(password) ? sum + size : sum), 0));
}
