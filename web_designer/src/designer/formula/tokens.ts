/** Takes the text of an expression, gives its pieces for colouring; what a text means only the server says. */
export type TokenKind = "comment" | "text" | "date" | "number" | "function" | "word" | "name" | "sign";
export type Token = { readonly kind: TokenKind; readonly from: number; readonly to: number };

const TOKEN =
  /(?<comment>\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<text>"(?:[^"]|"")*"?|'(?:[^']|'')*'?|[“”](?:[^“”"]|"")*[“”"]?|‘[^‘’]*’?)|(?<date>[#＃][^#＃\n]*[#＃]?)|(?<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>(?:TRUE|FALSE|NULL|AND|OR|NOT)(?![\p{L}\p{M}\p{N}_]))|(?<function>[\p{L}_][\p{L}\p{M}\p{N}_]*(?=\s*[(（]))|(?<name>[\p{L}_][\p{L}\p{M}\p{N}_]*|[{｛][^{}｛｝\n]*[}｝]?)|(?<sign>[-+*/%^&=<>!|(),.[\]－＋＊／％＾＆＝＜＞！｜（），．［］])/giu;

export function tokensOf(text: string): readonly Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, piece]) => piece !== undefined)?.[0] as TokenKind | undefined;
    if (kind !== undefined) found.push({ kind, from: match.index, to: match.index + match[0].length });
  }
  return found;
}
