/** The methods of `str`. */
import { Signature, toIndex, toText } from './arguments.ts';
import { KINDS } from './character-kinds.ts';
import { notSupported, typeError, valueError } from './errors.ts';
import { caseFold, capitalize, swapCase, title } from './letter-case.ts';
import type { Budget } from './limits.ts';
import { Needle } from './needle.ts';
import { withPaidTexts } from './paid-texts.ts';
import type { Method, Methods, Runtime } from './runtime.ts';
import { iterate } from './sequences.ts';
import { stripEnd, stripStart } from './space.ts';
import { characterBefore, characterFrom, lengthOf, placeOf, sliceOf } from './text.ts';
import { center, countOf, expandTabs, joinTexts, replace, roomFor, splitAt, splitLines, splitSpace } from './text-work.ts';
import { isInt, textOf, Tuple, typeName, type Value } from './values.ts';

const simple = (work: (text: string) => Value): Method<string> => withArguments('', (text) => work(text));
/** Of those that look at each character by itself. */
const thorough = (work: (text: string) => Value): Method<string> =>
  withArguments('', (text, _, { budget }) => {
    budget.each(text.length >> 2);
    return work(text);
  });

/** A method whose arguments are bound before; texts cost what they are long. */
function withArguments(
  parameters: string,
  work: (text: string, args: readonly (Value | undefined)[], runtime: Runtime) => Value,
  name = 'str method',
): Method<string> {
  const signature = new Signature(name, parameters);
  return (text, args, runtime) => withPaidTexts(text, args, runtime.budget, () => work(text, signature.bind(args), runtime));
}

const optionalText = (value: Value | undefined, what: string): string | null =>
  value === undefined || value === null ? null : toText(value, what);

/** `strip` on one or both sides, of white space or of the characters given. */
function strip(side: 'both' | 'start' | 'end'): Method<string> {
  return withArguments('chars= /', (text, [chars], { budget }) => {
    const set = optionalText(chars, 'strip arg must be None or str, and');
    if (set === null) return side === 'start' ? stripStart(text) : side === 'end' ? stripEnd(text) : stripEnd(stripStart(text));
    budget.each(set.length);
    const members = new Set(set);
    let start = 0;
    let end = text.length;
    if (side !== 'end') {
      for (let next = characterFrom(text, start); next !== '' && members.has(next); next = characterFrom(text, start)) start += next.length;
    }
    if (side !== 'start') {
      for (let next = characterBefore(text, end); end > start && members.has(next); next = characterBefore(text, end)) end -= next.length;
    }
    return text.slice(start, end);
  });
}

/** A window of a text, for `find`, `count` and `startswith`; null where the start lies behind the text. */
function windowOf(text: string, start: Value | undefined, end: Value | undefined): { part: string; offset: number } | null {
  if (start === undefined && end === undefined) return { part: text, offset: 0 };
  const length = lengthOf(text);
  const place = (value: Value | undefined, otherwise: number) => {
    if (value === undefined || value === null) return otherwise;
    if (!isInt(value)) throw typeError('slice indices must be integers or None or have an __index__ method');
    const at = Number(value);
    return at < 0 ? Math.max(0, at + length) : at;
  };
  const from = place(start, 0);
  const to = Math.min(place(end, length), length);
  if (from > length || from > to) return null;
  return { part: sliceOf(text, from, to), offset: from };
}

/** The place of a part, in code points; −1 where there is none. */
function search(fromEnd: boolean, isRequired: boolean): Method<string> {
  return withArguments('sub start= end= /', (text, [sub, start, end], { budget }) => {
    const part = new Needle(toText(sub!, 'argument 1'), budget);
    const window = windowOf(text, start, end);
    const unit = window ? (fromEnd ? part.lastIndexIn(window.part) : part.indexIn(window.part)) : -1;
    if (unit < 0 && isRequired) throw valueError('substring not found');
    return BigInt(unit < 0 ? -1 : window!.offset + placeOf(window!.part, unit));
  });
}

function affix(test: (text: string, part: string) => boolean, name: string): Method<string> {
  return withArguments('prefix start= end= /', (text, [prefix, start, end], { budget }) => {
    const window = windowOf(text, start, end);
    const parts = prefix instanceof Tuple ? prefix.items : [prefix!];
    return parts.some((part) => {
      const each = textOf(part);
      budget.step();
      budget.read(Math.min(each?.length ?? 0, text.length));
      if (each === null) throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(part)}`);
      return window !== null && test(window.part, each);
    });
  });
}

function split(fromEnd: boolean): Method<string> {
  return withArguments('sep= maxsplit=', (text, [sep, maxsplit], { budget }) => {
    const separator = optionalText(sep, fromEnd ? 'rsplit() sep' : 'split() sep');
    const most = maxsplit === undefined ? -1 : toIndex(maxsplit);
    const limit = most < 0 ? Infinity : most;
    if (separator === '') throw valueError('empty separator');
    const parts = separator === null ? splitSpace(text, limit, fromEnd) : splitAt(text, separator, limit, fromEnd, budget);
    budget.items(parts.length);
    return parts;
  });
}

function partition(fromEnd: boolean): Method<string> {
  return withArguments('sep /', (text, [sep], { budget }) => {
    const separator = toText(sep!, 'separator');
    if (separator === '') throw valueError('empty separator');
    const part = new Needle(separator, budget);
    const at = fromEnd ? part.lastIndexIn(text) : part.indexIn(text);
    if (at < 0) return new Tuple(fromEnd ? ['', '', text] : [text, '', '']);
    return new Tuple([text.slice(0, at), separator, text.slice(at + separator.length)]);
  });
}

function justify(place: (text: string, width: number, fill: string, budget: Budget) => string): Method<string> {
  return withArguments('width fillchar= /', (text, [width, fillchar], { budget }) => {
    const fill = fillchar === undefined ? ' ' : toText(fillchar, 'The fill character');
    if (fill.length > 2 || lengthOf(fill) !== 1) throw typeError('The fill character must be exactly one character long');
    return place(text, toIndex(width!), fill, budget);
  });
}

const refused = (name: string): [string, Method<string>] => [
  name,
  () => {
    throw notSupported(`str.${name}`);
  },
];

export const STR_METHODS: Methods<string> = new Map<string, Method<string>>([
  ['upper', simple((text) => text.toUpperCase())],
  ['lower', simple((text) => text.toLowerCase())],
  ['title', thorough(title)],
  ['capitalize', simple(capitalize)],
  ['swapcase', thorough(swapCase)],
  ['casefold', thorough(caseFold)],
  ...Object.entries(KINDS).map(([name, test]): [string, Method<string>] => [name, thorough(test)]),
  ['strip', strip('both')],
  ['lstrip', strip('start')],
  ['rstrip', strip('end')],
  ['find', search(false, false)],
  ['rfind', search(true, false)],
  ['index', search(false, true)],
  ['rindex', search(true, true)],
  ['startswith', affix((text, part) => text.startsWith(part), 'startswith')],
  ['endswith', affix((text, part) => text.endsWith(part), 'endswith')],
  [
    'count',
    withArguments('sub start= end= /', (text, [sub, start, end], { budget }) => {
      const window = windowOf(text, start, end);
      const part = new Needle(toText(sub!, 'argument 1'), budget);
      return window ? BigInt(countOf(window.part, part)) : 0n;
    }),
  ],
  [
    'replace',
    withArguments('old new count= /', (text, [old, fresh, count], { budget }) =>
      replace(
        text,
        toText(old!, 'replace() argument 1'),
        toText(fresh!, 'replace() argument 2'),
        count === undefined ? -1 : toIndex(count),
        budget,
      ),
    ),
  ],
  ['split', split(false)],
  ['rsplit', split(true)],
  [
    'splitlines',
    withArguments('keepends=', (text, [keepends], { budget }) => {
      const lines = splitLines(text, keepends !== undefined && toIndex(keepends) !== 0);
      budget.items(lines.length);
      return lines;
    }),
  ],
  ['partition', partition(false)],
  ['rpartition', partition(true)],
  ['join', withArguments('iterable /', (text, [items], { budget }) => joinTexts(text, iterate(items!, budget), budget))],
  ['center', justify(center)],
  ['ljust', justify((text, width, fill, budget) => text + fill.repeat(roomFor(text, width, budget)))],
  ['rjust', justify((text, width, fill, budget) => fill.repeat(roomFor(text, width, budget)) + text)],
  [
    'zfill',
    withArguments('width /', (text, [width], { budget }) => {
      const missing = roomFor(text, toIndex(width!), budget);
      const sign = /^[+-]/.exec(text)?.[0] ?? '';
      return sign + '0'.repeat(missing) + text.slice(sign.length);
    }),
  ],
  ['expandtabs', withArguments('tabsize=', (text, [size], { budget }) => expandTabs(text, size === undefined ? 8 : toIndex(size), budget))],
  [
    'removeprefix',
    withArguments('prefix /', (text, [prefix]) => {
      const part = toText(prefix!, 'removeprefix() argument');
      return text.startsWith(part) ? text.slice(part.length) : text;
    }),
  ],
  [
    'removesuffix',
    withArguments('suffix /', (text, [suffix]) => {
      const part = toText(suffix!, 'removesuffix() argument');
      return part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text;
    }),
  ],
  ...['encode', 'maketrans', 'translate'].map(refused),
]);

/** Arguments that text of `Markup` escapes, by method. */
export const ESCAPED_ARGUMENTS: Readonly<Record<string, number>> = { replace: 1, ljust: 1, rjust: 1, center: 1 };
