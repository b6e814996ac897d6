/** `str.format`: replacement fields with attributes, items, conversions and nested specifications. */
import { JinjaError, valueError } from './errors.ts';
import { format } from './format-spec.ts';
import { escapeText } from './html.ts';
import { type Budget } from './limits.ts';
import { print, reprOf } from './repr.ts';
import { isDigits } from './space.ts';
import { hexEscape } from './text.ts';
import { type Arguments, Dict, Markup, type Value } from './values.ts';

const MAX_INDEX_DIGITS = 18;

export interface Lookup {
  attribute(value: Value, name: string): Value;
  item(value: Value, key: Value): Value;
}

interface Formatting extends Lookup {
  readonly budget: Budget;
  readonly args: Arguments | Dict;
  /** Of `Markup`: what is filled in is escaped. */
  readonly escapes: boolean;
  /** The number of the next `{}`; null once fields are numbered by hand. */
  next: number | null;
}

/** @param args of the call, or the mapping of `format_map` */
export function formatFields(template: string, args: Arguments | Dict, lookup: Lookup, budget: Budget, escapes: boolean): string {
  const formatting: Formatting = { attribute: lookup.attribute, item: lookup.item, budget, args, escapes, next: 0 };
  return expand(template, formatting, 2);
}

function expand(template: string, formatting: Formatting, depth: number): string {
  if (depth < 0) throw valueError('Max string recursion exceeded');
  const { budget } = formatting;
  budget.text(template.length);
  let text = '';
  for (let at = 0; at < template.length;) {
    const brace = nextBrace(template, at);
    text += template.slice(at, brace);
    budget.step();
    if (brace >= template.length) break;
    if (template[brace + 1] === template[brace]) {
      text += template[brace];
      at = brace + 2;
      continue;
    }
    if (template[brace] === '}') throw valueError("Single '}' encountered in format string");
    const end = closingBrace(template, brace);
    text += replacement(template.slice(brace + 1, end), formatting, depth);
    budget.grow(text.length);
    at = end + 1;
  }
  budget.read(text.length);
  return text;
}

function nextBrace(template: string, from: number): number {
  let at = from;
  while (at < template.length && template[at] !== '{' && template[at] !== '}') at++;
  return at;
}

function closingBrace(template: string, open: number): number {
  let depth = 0;
  let isInBrackets = false;
  for (let at = open; at < template.length; at++) {
    const character = template[at];
    if (character === '[' && depth === 1) isInBrackets = true;
    else if (character === ']') isInBrackets = false;
    else if (isInBrackets) continue;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  throw valueError(open === template.length - 1 ? "Single '{' encountered in format string" : "expected '}' before end of string");
}

function replacement(field: string, formatting: Formatting, depth: number): string {
  const { budget } = formatting;
  const { name, conversion, spec } = partsOf(field);
  const value = convert(fieldOf(numbered(name, formatting), formatting), conversion, budget);
  const details = expand(spec, formatting, depth - 1);
  if (!formatting.escapes) return format(value, details, budget);
  if (value instanceof Markup && details === '') return value.text;
  return escapeText(format(value, details, budget), budget);
}

/** `name!conversion:spec`; within brackets the name may hold either sign. */
function partsOf(field: string): { name: string; conversion: string | null; spec: string } {
  let end = 0;
  for (let isInBrackets = false; end < field.length; end++) {
    const character = field[end];
    if (character === '[') isInBrackets = true;
    else if (character === ']') isInBrackets = false;
    else if (!isInBrackets && (character === '!' || character === ':')) break;
  }
  const name = field.slice(0, end);
  if (field[end] !== '!') return { name, conversion: null, spec: field.slice(end + 1) };
  const conversion = [...field.slice(end + 1, end + 3)][0];
  if (conversion === undefined) throw valueError('end of string while looking for conversion specifier');
  const rest = field.slice(end + 1 + conversion.length);
  if (rest !== '' && !rest.startsWith(':')) throw valueError("expected ':' after conversion specifier");
  return { name, conversion, spec: rest.slice(1) };
}

/** `name.attribute[item]`, each looked up by the rules of the sandbox. */
function fieldOf(name: string, formatting: Formatting): Value {
  const [first = ''] = /^[^.[]*/.exec(name)!;
  let value = argument(first, formatting);
  const rest = name.slice(first.length);
  const part = /\.([^.[]*)|\[([^\]]*)\]/y;
  for (let at = 0; at < rest.length; at = part.lastIndex) {
    part.lastIndex = at;
    const match = part.exec(rest);
    if (!match)
      throw valueError(rest[at] === '[' ? "Missing ']' in format string" : "Only '.' or '[' may follow ']' in format field specifier");
    const [whole, attribute, item] = match;
    formatting.budget.step();
    if ((attribute ?? item) === '') throw valueError('Empty attribute in format string');
    value = whole.startsWith('.')
      ? formatting.attribute(value, attribute!)
      : formatting.item(value, isDigits(item!) ? indexIn(item!) : item!);
  }
  return value;
}

/** Python takes no index that its machine words do not hold. */
function indexIn(digits: string): bigint {
  if (digits.length > MAX_INDEX_DIGITS) throw valueError('Too many decimal digits in format string');
  return BigInt(digits);
}

function argument(name: string, { args, budget }: Formatting): Value {
  if (isDigits(name)) {
    const value = args instanceof Dict ? undefined : args.positional[Number(name)];
    if (value === undefined) throw new JinjaError('IndexError', `Replacement index ${name} out of range for positional args tuple`);
    return value;
  }
  const value = args instanceof Dict ? args.get(name, budget) : args.named.get(name);
  if (value === undefined) throw new JinjaError('KeyError', `'${name}'`);
  return value;
}

/** The number of a field without one; fields are numbered all by hand or all by themselves. */
function numbered(name: string, formatting: Formatting): string {
  if (name === '') {
    if (formatting.next === null) throw valueError('cannot switch from manual field specification to automatic field numbering');
    return String(formatting.next++);
  }
  if (isDigits(name)) {
    if (formatting.next) throw valueError('cannot switch from manual field specification to automatic field numbering');
    formatting.next = null;
  }
  return name;
}

function convert(value: Value, conversion: string | null, budget: Budget): Value {
  switch (conversion) {
    case null:
      return value;
    case 's':
      return print(value, budget);
    case 'r':
      return reprOf(value, budget);
    case 'a':
      return asciiRepr(reprOf(value, budget));
    default:
      throw valueError(`Unknown conversion specifier '${conversion}'`);
  }
}

/** `ascii()` of a `repr()` */
export const asciiRepr = (repr: string): string => repr.replace(/[^\x00-\x7f]/gu, (character) => hexEscape(character.codePointAt(0)!));
