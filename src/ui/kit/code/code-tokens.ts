/** Splits JavaScript, shell, Python and WGSL into what is coloured and what is not, by one regular expression. */

const TOKENS =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=^|\s)#[^\n]*)|(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(?<number>\b\d[\d_.]*(?:e[+-]?\d+)?\b)|(?<word>\b(?:await|async|const|for|of|if|else|import|from|true|false|null|True|False|None|with|in|as|print|while|let|new|break|continue|return|throw|export|default|function|interface|fn|var|struct|override|loop)\b)/g;

/** Longer code is shown without colours. */
const COLOUR_LIMIT = 20_000;

interface Token {
  kind: 'comment' | 'string' | 'number' | 'word' | 'plain';
  text: string;
}

export function tokens(code: string): Token[] {
  if (code.length > COLOUR_LIMIT) return [{ kind: 'plain', text: code }];
  const result: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKENS)) {
    if (match.index > end) result.push({ kind: 'plain', text: code.slice(end, match.index) });
    const kind = (['comment', 'string', 'number', 'word'] as const).find((name) => match.groups?.[name] !== undefined) ?? 'plain';
    result.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) result.push({ kind: 'plain', text: code.slice(end) });
  return result;
}
