/** Filters that make texts. */
import { NO_ARGUMENTS, positional, toIndex } from '../arguments.ts';
import { sorted } from '../compare.ts';
import { JinjaError, typeError, valueError } from '../errors.ts';
import { escape, escapeText } from '../html.ts';
import { capitalize } from '../letter-case.ts';
import type { Budget } from '../limits.ts';
import { binary } from '../operators.ts';
import { print, reprOf } from '../repr.ts';
import { isTrue, iterate, iteratorOf, lengthOf, toList } from '../sequences.ts';
import { isSpace } from '../space.ts';
import { STR_METHODS } from '../str-methods.ts';
import { center, joinTexts, replace, splitLines } from '../text-work.ts';
import { sliceOf } from '../text.ts';
import { Dict, isList, Markup, textOf, Tuple, typeName, Undefined, type Value } from '../values.ts';
import { wordWrap } from '../word-wrap.ts';
import { attributeGetter, type Filter, filter, type Filters, refusedFilter, textFilter } from './filter.ts';

/** `title`, which knows more word beginnings than `str.title`. */
const titleWords = (text: string): string =>
  text
    .split(/([-\s({[<\x1c-\x1f\x85]+)/u)
    .map((word) => {
      const [first = ''] = word;
      return first.toUpperCase() + word.slice(first.length).toLowerCase();
    })
    .join('');

const trim: Filter = filter('trim', 'chars=', (value, [chars], runtime) => {
  const text = print(value, runtime.budget);
  const stripped = STR_METHODS.get('strip')!(text, positional(chars ?? null), runtime) as string;
  return value instanceof Markup ? new Markup(stripped) : stripped;
});

const indent: Filter = filter('indent', 'width= first= blank=', (value, [width = 4n, first = false, blank = false], { budget }) => {
  const text = textOf(value);
  budget.each((text?.length ?? 0) >> 2);
  if (text === null) {
    if (value instanceof Undefined) value.fail();
    throw typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
  }
  const given = textOf(width);
  const spaces = given ?? (binary('*', ' ', width, budget) as string);
  const lines = splitLines(`${text}\n`, false);
  budget.text(text.length + lines.length * spaces.length);
  const indented = lines.map((line, index) => (index > 0 && (line !== '' || isTrue(blank)) ? spaces + line : line)).join('\n');
  const result = isTrue(first) ? spaces + indented : indented;
  return value instanceof Markup ? new Markup(result) : result;
});

const truncate: Filter = filter(
  'truncate',
  'length= killwords= end= leeway=',
  (value, [length = 255n, killwords = false, end = '...', leeway], { budget }) => {
    const room = toIndex(length);
    const mark = textOf(end);
    const slack = leeway === undefined || leeway === null ? 5 : toIndex(leeway);
    if (mark === null) throw typeError(`object of type '${typeName(end)}' has no len()`);
    if (room < lengthOf(mark)) throw new JinjaError('AssertionError', `expected length >= ${lengthOf(mark)}, got ${room}`);
    if (slack < 0) throw new JinjaError('AssertionError', `expected leeway >= 0, got ${slack}`);
    budget.read(mark.length * 4);
    if (lengthOf(value) <= room + slack) return value;
    const text = textOf(value);
    if (text === null) throw typeError(`'${typeName(value)}' object can't be truncated`);
    budget.text(text.length);
    const cut = sliceOf(text, 0, room - lengthOf(mark));
    const space = cut.lastIndexOf(' ');
    const result = (isTrue(killwords) || space < 0 ? cut : cut.slice(0, space)) + mark;
    return value instanceof Markup ? new Markup(result) : result;
  },
);

const join: Filter = filter('join', 'd= attribute=', (value, [separator = '', attribute], runtime) => {
  const { budget } = runtime;
  const get = attribute === undefined || attribute === null ? null : attributeGetter(attribute, runtime);
  function* texts() {
    for (const item of iterate(value, budget)) yield print(get ? get(item) : item, budget);
  }
  return joinTexts(print(separator, budget), texts(), budget);
});

function quoteUrl(text: string, forQuery: boolean, budget: Budget): string {
  budget.each(text.length);
  let quoted: string;
  try {
    quoted = encodeURIComponent(text);
  } catch {
    throw valueError("'utf-8' codec can't encode surrogates: not allowed");
  }
  quoted = quoted.replace(/[!*'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  budget.text(quoted.length);
  return forQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/');
}

const urlEncode: Filter = filter('urlencode', '', (value, _, { budget }) => {
  if (textOf(value) !== null || !iteratorOf(value)) {
    const text = print(value, budget);
    return quoteUrl(text, false, budget);
  }
  if (value instanceof Dict) budget.items(value.size);
  const pairs = value instanceof Dict ? [...value.entries()] : toList(value, budget).map((pair) => toList(pair, budget));
  const parts = pairs.map((pair) => {
    if (pair.length !== 2) throw valueError(`not enough or too many values to unpack (expected 2, got ${pair.length})`);
    return pair.map((part) => quoteUrl(print(part as Value, budget), true, budget)).join('=');
  });
  return joinTexts('&', parts, budget);
});

const xmlAttributes: Filter = filter('xmlattr', 'autospace=', (value, [autospace = true], { budget }) => {
  if (!(value instanceof Dict)) throw new JinjaError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  const parts: string[] = [];
  for (const [key, each] of value.entries()) {
    budget.each(1);
    if (each === null || each instanceof Undefined) continue;
    const name = textOf(key);
    if (name === null) throw typeError(`expected string or bytes-like object, got '${typeName(key)}'`);
    budget.read(name.length);
    if (/[\t-\r />=]/.test(name)) throw valueError(`Invalid character in attribute name: ${reprOf(key, budget)}`);
    parts.push(`${escapeText(name, budget)}="${escape(each, budget)}"`);
  }
  const text = joinTexts(' ', parts, budget);
  return text !== '' && isTrue(autospace) ? ` ${text}` : text;
});

const stripTags: Filter = filter('striptags', '', (value, _, runtime) => {
  const { budget } = runtime;
  let text = print(value, budget);
  budget.each(text.length);
  const without = (open: string, close: string) => {
    for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, Math.max(0, start - open.length))) {
      const end = text.indexOf(close, start);
      if (end < 0) break;
      budget.text(text.length);
      text = text.slice(0, start) + text.slice(end + close.length);
    }
  };
  without('<!--', '-->');
  without('<', '>');
  if (text.includes('&')) return refusedFilter('striptags', ' of text with HTML entities')(value, NO_ARGUMENTS, runtime);
  const words = [...text].map((character) => (isSpace(character) ? ' ' : character)).join('');
  return new Markup(words.split(' ').filter(Boolean).join(' '));
});

const format: Filter = (value, { positional: values, named }, { budget }) => {
  if (values.length > 0 && named.size > 0) {
    throw new JinjaError('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
  }
  const text = value instanceof Markup ? value : print(value, budget);
  return binary('%', text, named.size > 0 ? new Dict(named, budget) : new Tuple(values), budget);
};

const wrap: Filter = filter(
  'wordwrap',
  'width= break_long_words= wrapstring= break_on_hyphens=',
  (value, [width = 79n, breakLong = true, wrapString, onHyphens = true], { budget }) => {
    const text = textOf(value);
    if (text === null) throw new JinjaError('AttributeError', `'${typeName(value)}' object has no attribute 'splitlines'`);
    budget.each(text.length);
    const newline = wrapString === undefined || wrapString === null ? '\n' : print(wrapString, budget);
    const lines = splitLines(text, false).map((line) => {
      const room = toIndex(width);
      if (room <= 0) throw valueError(`invalid width ${room} (must be > 0)`);
      return joinTexts(
        newline,
        wordWrap(line, { width: room, breaksLongWords: isTrue(breakLong), breaksOnHyphens: isTrue(onHyphens) }, budget),
        budget,
      );
    });
    return joinTexts(newline, lines, budget);
  },
);

/** Characters of a line, which no value of more parts fits. */
const LINE = 80;

/** `pprint.pformat` where all fits a line, which it mostly does. */
const prettyPrint: Filter = filter('pprint', '', (value, _, runtime) => {
  const { budget } = runtime;
  let parts = 0;
  const tooLong = () => refusedFilter('pprint', ' of a value that does not fit a line')(value, NO_ARGUMENTS, runtime) as never;

  function withSortedKeys(part: Value): Value {
    budget.step();
    if (++parts > LINE) tooLong();
    if (isList(part)) return part.map(withSortedKeys);
    if (part instanceof Tuple) return new Tuple(part.items.map(withSortedKeys));
    if (!(part instanceof Dict)) return part;
    if (part.size > LINE) tooLong();
    const entries = [...part.entries()].map(([key, item]) => [key, withSortedKeys(item)] as const);
    const isText = entries.every(([key]) => typeof key === 'string');
    return new Dict(isText ? sorted(entries, ([key]) => key, false, budget) : entries, budget);
  }

  const text = reprOf(withSortedKeys(value), budget);
  return text.length <= LINE ? text : tooLong();
});

export const TEXT_FILTERS: Filters = {
  upper: textFilter('upper', '', (text) => text.toUpperCase()),
  lower: textFilter('lower', '', (text) => text.toLowerCase()),
  capitalize: textFilter('capitalize', '', capitalize),
  title: filter('title', '', (value, _, { budget }) => {
    const text = print(value, budget);
    budget.each(text.length >> 2);
    return titleWords(text);
  }),
  trim,
  center: textFilter('center', 'width=', (text, [width = 80n], { budget }) => center(text, toIndex(width), ' ', budget)),
  replace: filter('replace', 'old new count=', (value, [old, fresh, count], { budget }) =>
    replace(
      print(value, budget),
      print(old!, budget),
      print(fresh!, budget),
      count === undefined || count === null ? -1 : toIndex(count),
      budget,
    ),
  ),
  indent,
  truncate,
  join,
  format,
  string: filter('string', '', (value, _, { budget }) => (value instanceof Markup ? value : print(value, budget))),
  wordcount: filter('wordcount', '', (value, _, { budget }) => {
    const text = print(value, budget);
    budget.each(text.length >> 2);
    return BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0);
  }),
  wordwrap: wrap,
  escape: filter('escape', '', (value, _, { budget }) => new Markup(escape(value, budget))),
  e: filter('e', '', (value, _, { budget }) => new Markup(escape(value, budget))),
  forceescape: filter('forceescape', '', (value, _, { budget }) => new Markup(escapeText(print(value, budget), budget))),
  safe: filter('safe', '', (value, _, { budget }) => new Markup(print(value, budget))),
  striptags: stripTags,
  urlencode: urlEncode,
  xmlattr: xmlAttributes,
  pprint: prettyPrint,
  urlize: refusedFilter('urlize', ''),
};
