/** Expressions that can be matched in exponentially many ways: the engines of browsers try them all and can't be stopped, so they are refused before. */

/** A repetition that may go on beyond this counts as one without end. */
const FEW = 16;

interface Group {
  /** Within it something is repeated without end, or stands or not, so that it can match one text in several ways. */
  isLoose: boolean;
  /** No way is tried again once it has matched: atomic groups, and what only looks. */
  readonly isFinal: boolean;
  readonly start: number;
  /** The part right before, with its repetition; none at the beginning of an alternative. */
  before: { readonly source: string; readonly isEndless: boolean; readonly isOptional: boolean } | null;
}

/** The part of an expression that makes it so; null: none was found. */
export function endlessWays(source: string): string | null {
  const groups: Group[] = [{ isLoose: false, isFinal: false, start: 0, before: null }];
  for (let at = 0; at < source.length;) {
    const group = groups.at(-1)!;
    const start = at;
    let isLoose = false;
    let from = start;
    if (source[at] === '|') {
      settle(group);
      group.isLoose = true;
      group.before = null;
      at++;
      continue;
    }
    if (source[at] === '(') {
      const head = /^\((?:\?(?:#[^)]*|[:>=!]|<[=!]|<\w+>|[a-z-]*:?))?/.exec(source.slice(at, at + 200))![0];
      groups.push({ isLoose: false, isFinal: /^\(\?(?:[>=!]|<[=!])/.test(head), start: at, before: null });
      at += head.length;
      continue;
    }
    if (source[at] === ')') {
      if (groups.length === 1) return null;
      settle(group);
      groups.pop();
      isLoose = group.isLoose && !group.isFinal;
      from = group.start;
      at++;
    } else at = endOfPart(source, at);

    const outer = groups.at(-1)!;
    const part = source.slice(from, at);
    let { min, max, end } = repetitionAt(source, at);
    const isPossessive = end > at && source[end] === '+' && source[end - 1] !== '}';
    // Of Ruby's syntax: braces with a sign behind them are repeated themselves.
    if (end > at && source[end] === '+' && !isPossessive) {
      isLoose ||= min !== max;
      max = Infinity;
    }
    if (end > at && (source[end] === '+' || source[end] === '?')) end++;
    const isEndless = max > FEW && min !== max && !isPossessive;
    if (max > FEW && isLoose) return source.slice(from, end);
    const { before } = outer;
    if (before && before.source === part && (before.isEndless || before.isOptional) && isEndless)
      return source.slice(from - part.length - 1, end);
    if (isEndless || isLoose || (before?.isOptional && before.source === part)) outer.isLoose = true;
    outer.before = { source: part, isEndless, isOptional: min === 0 && max <= FEW };
    at = end;
  }
  return null;
}

/** What stands or not at the end of a repeated group leaves it as it was: that can be done in many ways. */
function settle(group: Group): void {
  if (group.before?.isOptional) group.isLoose = true;
}

/** The end of a class, an escape or a character. */
function endOfPart(source: string, at: number): number {
  if (source[at] === '\\') {
    const braces = /^\\[pPxku](?:\{[^}]*\}|<[^>]*>)/.exec(source.slice(at, at + 100));
    return at + (braces?.[0].length ?? 2);
  }
  if (source[at] !== '[') return at + (source.codePointAt(at)! > 0xffff ? 2 : 1);
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

function repetitionAt(source: string, at: number): { min: number; max: number; end: number } {
  switch (source[at]) {
    case '*':
      return { min: 0, max: Infinity, end: at + 1 };
    case '+':
      return { min: 1, max: Infinity, end: at + 1 };
    case '?':
      return { min: 0, max: 1, end: at + 1 };
    case '{': {
      const braces = /^\{(\d*)(,?)(\d*)\}/.exec(source.slice(at, at + 40));
      if (!braces || braces[0] === '{}' || braces[0] === '{,}') break;
      const [whole, min, comma, max] = braces;
      return { min: Number(min), max: comma === '' ? Number(min) : max === '' ? Infinity : Number(max), end: at + whole.length };
    }
  }
  return { min: 1, max: 1, end: at };
}
