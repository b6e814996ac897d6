/** An expression in Oniguruma's syntax as a tree: which parts are repeated, which stand for one another, which only look. */

interface Span {
  readonly start: number;
  readonly end: number;
  /** Once it has matched, no other way is tried: `x++`, `(?>x)`. */
  readonly isAtomic?: boolean;
}

/** A character, a class, or an escape: what takes exactly one character. */
export interface Leaf extends Span {
  readonly kind: 'leaf';
  /** As it stands, with the conditions that stand before it; null: it may take anything. */
  readonly source: string | null;
}

export interface Repeat extends Span {
  readonly kind: 'repeat';
  readonly body: Part;
  readonly min: number;
  readonly max: number;
}

export type Part =
  | Leaf
  | Repeat
  | (Span & { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Part[] })
  /** Takes nothing, and may fail; `body` is what it looks for. */
  | (Span & { readonly kind: 'assertion'; readonly body: Part | null });

/** Groups within one another. */
const MAX_NESTING = 200;
export const ANCHOR = /^(?:[$^]|\\[AzZbBG])/;
export const GROUP_HEAD = /^\((?:\?(?:#[^)]*|[:>=!]|<[=!]|<\w+>|[a-z-]*:?))?/;
export const REFERENCE = /^\\(?:[1-9]|[kg][<'])/;

/** The expression is too deep or too long to be looked through. */
export class TooLarge extends Error {}

/**
 * Null where its groups don't close, which JavaScript complains of itself.
 * @throws TooLarge
 */
export function parseExpression(source: string): Part | null {
  return new ExpressionParser(source).parse();
}

class ExpressionParser {
  #at = 0;
  #depth = 0;

  constructor(private readonly source: string) {}

  parse(): Part | null {
    try {
      const whole = this.#choice(false);
      return this.#at < this.source.length ? null : whole;
    } catch (error) {
      if (error instanceof Unclosed) return null;
      throw error;
    }
  }

  #choice(foldsCase: boolean): Part {
    const start = this.#at;
    const parts = [this.#sequence(foldsCase)];
    while (this.source[this.#at] === '|') {
      this.#at++;
      parts.push(this.#sequence(foldsCase));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts, start, end: this.#at };
  }

  #sequence(foldsCase: boolean): Part {
    const start = this.#at;
    const parts: Part[] = [];
    while (this.#at < this.source.length && this.source[this.#at] !== '|' && this.source[this.#at] !== ')') {
      const part = this.#repeated(foldsCase);
      const before = parts.at(-1);
      if (part.kind === 'leaf' && part.source !== null && before?.kind === 'assertion' && looksAtOne(before, this.source)) {
        // A condition of the one character that comes: it belongs to its class.
        const condition = this.source.slice(before.start, before.end);
        parts[parts.length - 1] = { ...part, source: (foldsCase ? `(?i:${condition})` : condition) + part.source, start: before.start };
      } else parts.push(part);
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts, start, end: this.#at };
  }

  #repeated(foldsCase: boolean): Part {
    const { source } = this;
    let part = this.#single(foldsCase);
    for (let repetition = repetitionAt(source, this.#at); repetition; repetition = repetitionAt(source, this.#at)) {
      this.#at = repetition.end;
      part = { kind: 'repeat', body: part, min: repetition.min, max: repetition.max, start: part.start, end: this.#at };
      // After braces such a sign repeats again; after another one it only says in which order to try.
      if (repetition.isBraces ? source[this.#at] !== '?' : source[this.#at] !== '?' && source[this.#at] !== '+') continue;
      part = { ...part, end: this.#at + 1, isAtomic: source[this.#at] === '+' };
      this.#at++;
    }
    return part;
  }

  #single(foldsCase: boolean): Part {
    const { source } = this;
    const start = this.#at;
    const rest = source.slice(start, start + 200);
    if (source[start] === '(') return this.#group(foldsCase, rest);
    const anchor = ANCHOR.exec(rest);
    if (anchor) {
      this.#at += anchor[0].length;
      return { kind: 'assertion', body: null, start, end: this.#at };
    }
    const end = endOfLeaf(source, start);
    this.#at = end;
    const own = source.slice(start, end);
    return { kind: 'leaf', source: REFERENCE.test(rest) ? null : foldsCase ? `(?i:${own})` : own, start, end };
  }

  #group(foldsCase: boolean, rest: string): Part {
    const start = this.#at;
    const head = GROUP_HEAD.exec(rest)![0];
    this.#at += head.length;
    if (++this.#depth > MAX_NESTING) throw new TooLarge();
    const body = this.#choice(foldsCase || head === '(?i:');
    this.#depth--;
    if (this.source[this.#at] !== ')') throw new Unclosed();
    const end = ++this.#at;
    if (/^\(\?<?[=!]/.test(head)) return { kind: 'assertion', body, start, end };
    const isAtomic = head === '(?>';
    return isAtomic || body.isAtomic ? { kind: 'sequence', parts: [body], start, end, isAtomic } : { ...body, start, end };
  }
}

export function childrenOf(part: Part): readonly Part[] {
  switch (part.kind) {
    case 'leaf':
      return [];
    case 'repeat':
      return [part.body];
    case 'assertion':
      return part.body ? [part.body] : [];
    case 'choice':
    case 'sequence':
      return part.parts;
  }
}

class Unclosed extends Error {}

/** `(?=[ab])`, `(?!x|y)` */
function looksAtOne({ start, body }: Part & { kind: 'assertion' }, source: string): boolean {
  return body !== null && source[start + 2] !== '<' && isOne(body);
}

function isOne(part: Part): boolean {
  if (part.kind === 'leaf') return part.source !== null;
  return part.kind === 'choice' && part.parts.every(isOne);
}

/** The end of a class, an escape or a character. */
export function endOfLeaf(source: string, at: number): number {
  if (source[at] === '\\') {
    const long = /^\\(?:[pPxku](?:\{[^}]*\}|<[^>]*>)|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|c[A-Za-z])/.exec(source.slice(at, at + 100));
    return Math.min(at + (long?.[0].length ?? 1 + widthAt(source, at + 1)), source.length);
  }
  if (source[at] !== '[') return at + widthAt(source, at);
  let depth = 0;
  for (let place = at; place < source.length; place++) {
    if (source[place] === '\\') place++;
    else if (source[place] === '[') {
      depth++;
      // One that comes first is a character.
      if (source[place + 1] === '^') place++;
      if (source[place + 1] === ']') place++;
    } else if (source[place] === ']' && --depth === 0) return place + 1;
  }
  return source.length;
}

const widthAt = (source: string, at: number): number => ((source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

export function repetitionAt(source: string, at: number): { min: number; max: number; end: number; isBraces: boolean } | null {
  switch (source[at]) {
    case '*':
      return { min: 0, max: Infinity, end: at + 1, isBraces: false };
    case '+':
      return { min: 1, max: Infinity, end: at + 1, isBraces: false };
    case '?':
      return { min: 0, max: 1, end: at + 1, isBraces: false };
    case '{': {
      const braces = /^\{(?:(\d+)(,?)(\d*)|,(\d+))\}/.exec(source.slice(at, at + 40));
      if (!braces) return null;
      const [whole, min, comma, max, most] = braces;
      const end = at + whole.length;
      if (most !== undefined) return { min: 0, max: Number(most), end, isBraces: true };
      return { min: Number(min), max: comma === '' ? Number(min) : max === '' ? Infinity : Number(max), end, isBraces: true };
    }
    default:
      return null;
  }
}
