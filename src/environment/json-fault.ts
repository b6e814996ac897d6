/** Where a text stops being JSON, in one wording: each browser's engine has its own, and some name no place. */

interface Options {
  /** `NaN`, `Infinity` and `-Infinity` are taken, as Python writes them. */
  constants?: boolean;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /(?:true|false|null)(?![\w$])/y;
const CONSTANT = /(?:NaN|-?Infinity)(?![\w$])/y;
/** What a person would call the thing that stands there. */
const THING = /[\p{L}\p{N}_$.+-]{1,20}|[^]/uy;

/** `expected "," or "}" in line 1, column 7; there is "x"`; null where the text is JSON. */
export function jsonFault(text: string, { constants = false }: Options = {}): string | null {
  const closers: ('}' | ']')[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? 0;
    at += length;
    return length > 0;
  };
  const space = () => {
    while (' \t\r\n'.includes(text[at] ?? '-')) at++;
    return text[at];
  };
  const fault = (expected: string) => `expected ${expected} in ${place(text, at)}; ${found(text, at)}`;

  let next: 'value' | 'value or ]' | 'name' | 'name or }' | 'after' = 'value';
  for (;;) {
    const character = space();
    if (next === 'after') {
      const closer = closers.at(-1);
      if (closer === undefined) return character === undefined ? null : fault('the end');
      if (character === ',') next = closer === '}' ? 'name' : 'value';
      else if (character === closer) closers.pop();
      else return fault(`"," or "${closer}"`);
      at++;
    } else if (next === 'name' || next === 'name or }') {
      if (character === '}' && next === 'name or }') {
        closers.pop();
        at++;
        next = 'after';
        continue;
      }
      if (character !== '"') return fault(next === 'name' ? 'a name in "…"' : 'a name in "…" or "}"');
      const broken = takeString();
      if (broken !== null) return broken;
      if (space() !== ':') return fault('":" after the name');
      at++;
      next = 'value';
    } else if (character === ']' && next === 'value or ]') {
      closers.pop();
      at++;
      next = 'after';
    } else if (character === '{' || character === '[') {
      closers.push(character === '{' ? '}' : ']');
      at++;
      next = character === '{' ? 'name or }' : 'value or ]';
    } else {
      const broken = character === '"' ? takeString() : null;
      if (broken !== null) return broken;
      if (character !== '"' && !(constants && take(CONSTANT)) && !take(LITERAL) && !take(NUMBER))
        return fault(next === 'value' ? 'a value' : 'a value or "]"');
      next = 'after';
    }
  }

  /** Null, or what is wrong with it. */
  function takeString(): string | null {
    at++;
    while (text[at] !== '"') {
      const character = text[at];
      if (character === undefined) return fault('the end of a text, "');
      if (character < ' ') return fault(`"${character === '\n' ? String.raw`\n` : character === '\t' ? String.raw`\t` : String.raw`\u…`}"`);
      if (character !== '\\') at++;
      else if (/^["\\/bfnrt]/.test(text.slice(at + 1, at + 2))) at += 2;
      else if (/^u[\da-f]{4}$/i.test(text.slice(at + 1, at + 6))) at += 6;
      else {
        at++;
        return fault('one of "\\/bfnrt, or u and four hexadecimal digits, after the "\\"');
      }
    }
    at++;
    return null;
  }
}

function place(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}

function found(text: string, at: number): string {
  if (at >= text.length) return 'the text ends there';
  THING.lastIndex = at;
  const thing = THING.exec(text)![0];
  return thing < ' '
    ? `there is ${thing === '\n' || thing === '\r' ? 'a new line' : 'a control character'}`
    : `there is ${thing === '"' ? 'a "' : `"${thing}"`}`;
}
