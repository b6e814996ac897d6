/** Attributes and items of values, by the rules of Jinja's immutable sandbox: `a.b` looks for Python's attributes first, `a['b']` for items. */
import { Signature, toIndex } from './arguments.ts';
import { isSame } from './compare.ts';
import { isOf, notSupported, typeError, valueError } from './errors.ts';
import { escapeText } from './html.ts';
import type { Budget } from './limits.ts';
import { bitsOf } from './numbers.ts';
import { print } from './repr.ts';
import type { Method, Methods, Runtime } from './runtime.ts';
import { toList } from './sequences.ts';
import { placeIn } from './slices.ts';
import { formatFields } from './str-format.ts';
import { ESCAPED_ARGUMENTS, STR_METHODS } from './str-methods.ts';
import { characterAt, lengthOf, quote } from './text.ts';
import {
  type Arguments,
  Callable,
  Dict,
  DictView,
  isInt,
  isList,
  Markup,
  PyObject,
  Range,
  textOf,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

type Items = readonly Value[];

/** What was found, or something else; None is something too. */
const orElse = <T extends Value | undefined>(found: Value | undefined, otherwise: () => T): Value | T =>
  found === undefined ? otherwise() : found;

function method<T extends Value>(
  parameters: string,
  work: (self: T, args: readonly (Value | undefined)[], runtime: Runtime) => Value,
): Method<T> {
  const signature = new Signature('method', parameters);
  return (self, args, runtime) => work(self, signature.bind(args), runtime);
}

const refused =
  (name: string): Method =>
  () => {
    throw notSupported(name);
  };

const count = (items: Items, value: Value, { budget }: Runtime) => BigInt(items.filter((item) => isSame(item, value, budget)).length);

function indexOf(items: Items, [value, start, stop]: readonly (Value | undefined)[], { budget }: Runtime): Value {
  const bound = (limit: Value | undefined, otherwise: number) => {
    const at = limit === undefined ? otherwise : toIndex(limit);
    return at < 0 ? Math.max(0, at + items.length) : at;
  };
  const end = Math.min(items.length, bound(stop, items.length));
  for (let at = bound(start, 0); at < end; at++) if (isSame(items[at]!, value!, budget)) return BigInt(at);
  throw valueError(`${print(value!, budget)} is not in list`);
}

const LIST: Methods<Items> = new Map<string, Method<Items>>([
  ['index', method('value start= stop= /', (items, args, runtime) => indexOf(items, args, runtime))],
  ['count', method('value /', (items, [value], runtime) => count(items, value!, runtime))],
  ['copy', method('', (items, _, { budget }) => toList(items, budget))],
]);
const LIST_CHANGES = ['append', 'clear', 'pop', 'reverse', 'insert', 'sort', 'extend', 'remove'];

const TUPLE: Methods<Tuple> = new Map<string, Method<Tuple>>([
  ['index', method('value start= stop= /', ({ items }, args, runtime) => indexOf(items, args, runtime))],
  ['count', method('value /', ({ items }, [value], runtime) => count(items, value!, runtime))],
]);

const DICT: Methods<Dict> = new Map<string, Method<Dict>>([
  ['get', method('key default= /', (dict, [key, otherwise = null], { budget }) => orElse(dict.get(key!, budget), () => otherwise))],
  ['keys', method('', (dict) => new DictView('keys', dict))],
  ['values', method('', (dict) => new DictView('values', dict))],
  ['items', method('', (dict) => new DictView('items', dict))],
  ['copy', method('', (dict, _, { budget }) => copyOf(dict, budget))],
  ['fromkeys', method('iterable value= /', (_, [keys, value], { budget }) => fromKeys(keys!, value ?? null, budget))],
]);
const DICT_CHANGES = ['clear', 'pop', 'popitem', 'setdefault', 'update'];

export function copyOf(dict: Dict, budget: Budget): Dict {
  budget.entries(dict.size);
  return new Dict(dict.entries(), budget);
}

export function fromKeys(keys: Value, value: Value, budget: Budget): Dict {
  const items = toList(keys, budget);
  budget.entries(items.length);
  return new Dict(
    items.map((key) => [key, value] as const),
    budget,
  );
}

const VIEW: Methods<DictView> = new Map<string, Method<DictView>>([
  ['isdisjoint', refused('isdisjoint of a dictionary view') as Method<DictView>],
  ['mapping', refused('the mapping of a dictionary view') as Method<DictView>],
]);

const RANGE: Methods<Range> = new Map<string, Method<Range>>([
  ['index', method('value /', (range, [value], runtime) => indexOf(toList(range, runtime.budget), [value], runtime))],
  ['count', method('value /', (range, [value], runtime) => count(toList(range, runtime.budget), value!, runtime))],
]);

/** Attributes of numbers that are values themselves. */
function numberAttribute(value: boolean | bigint | number, name: string, budget: Budget): Value | undefined {
  const whole = typeof value === 'number' ? null : BigInt(value);
  switch (name) {
    case 'real':
      return whole ?? value;
    case 'imag':
      return whole === null ? 0 : 0n;
    case 'numerator':
      return whole ?? undefined;
    case 'denominator':
      return whole === null ? undefined : 1n;
    case 'conjugate':
      return constant(name, whole ?? value);
    case 'bit_length':
    case 'bit_count': {
      if (whole === null) return undefined;
      if (BigInt.asIntN(64, whole) !== whole) budget.bits(bitsOf(whole));
      const bits = whole === 0n ? '' : (whole < 0n ? -whole : whole).toString(2);
      return constant(name, BigInt(name === 'bit_length' ? bits.length : bits.replaceAll('0', '').length));
    }
    case 'is_integer':
      return whole === null ? constant(name, Number.isInteger(value)) : undefined;
    case 'hex':
    case 'fromhex':
      return whole === null ? unsupportedMember('float', name) : undefined;
    case 'as_integer_ratio':
      return unsupportedMember(typeName(value), name);
    case 'to_bytes':
    case 'from_bytes':
      return whole === null ? undefined : unsupportedMember('int', name);
    default:
      return undefined;
  }
}

const NO_PARAMETERS = new Signature('method', '');

/** A method without parameters whose result is known. */
const constant = (name: string, value: Value) =>
  new Callable(name, (args) => {
    NO_PARAMETERS.bind(args);
    return value;
  });

const unsupportedMember = (type: string, name: string) =>
  new Callable(name, () => {
    throw notSupported(`${type}.${name}`);
  });

/** What every Python object has. */
const DUNDER = new Set(
  '__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__'.split(
    ' ',
  ),
);

function bound<T extends Value>(methods: Methods<T>, self: T, name: string, runtime: Runtime): Value | undefined {
  const found = methods.get(name);
  return found && new Callable(name, (args) => found(self, args, runtime));
}

/** `getattr()` of Python; undefined where there is no such attribute. */
function pythonAttribute(value: Value, name: string, runtime: Runtime): Value | undefined {
  if (typeof value === 'string') return textAttribute(value, value, name, runtime);
  if (value instanceof Markup) return textAttribute(value, value.text, name, runtime);
  if (isList(value)) return bound(LIST, value, name, runtime);
  if (value instanceof Dict) return bound(DICT, value, name, runtime);
  if (value instanceof Tuple) return orElse(value.attribute(name), () => bound(TUPLE, value, name, runtime));
  if (value instanceof DictView) return bound(VIEW, value, name, runtime);
  if (value instanceof Range) return orElse(value.attribute(name), () => bound(RANGE, value, name, runtime));
  if (value instanceof PyObject) return value.attribute(name);
  return value === null ? undefined : numberAttribute(value, name, runtime.budget);
}

function textAttribute(self: string | Markup, text: string, name: string, runtime: Runtime): Value | undefined {
  const isMarkup = self instanceof Markup;
  if (name === 'format' || name === 'format_map') {
    return new Callable(name, (args) => {
      const formatted = formatFields(text, name === 'format' ? args : mappingOf(args), lookup(runtime), runtime.budget, isMarkup);
      return isMarkup ? new Markup(formatted) : formatted;
    });
  }
  const found = STR_METHODS.get(name);
  if (!found) return isMarkup && ['unescape', 'striptags', 'escape'].includes(name) ? unsupportedMember('Markup', name) : undefined;
  if (!isMarkup) return new Callable(name, (args) => found(text, args, runtime));
  return new Callable(name, (args) => asMarkup(found(text, escapedArguments(name, args, runtime), runtime)));
}

function mappingOf({ positional, named }: Arguments): Dict {
  if (named.size > 0) throw typeError('format_map() takes no keyword arguments');
  const [mapping] = positional;
  if (positional.length !== 1) throw typeError(`format_map() takes exactly one argument (${positional.length} given)`);
  if (!(mapping instanceof Dict)) throw notSupported(`format_map of a ${typeName(mapping!)}`);
  return mapping;
}

function escapedArguments(name: string, args: Arguments, { budget }: Runtime): Arguments {
  const escaped = (value: Value) => (typeof value === 'string' ? escapeText(value, budget) : value);
  if (name === 'join' && args.positional.length === 1) {
    return {
      ...args,
      positional: [
        toList(args.positional[0]!, budget).map((item) =>
          textOf(item) === null ? escapeText(print(item, budget), budget) : escaped(item),
        ),
      ],
    };
  }
  const index = ESCAPED_ARGUMENTS[name];
  return index === undefined ? args : { ...args, positional: args.positional.map((value, at) => (at === index ? escaped(value) : value)) };
}

const asMarkup = (value: Value): Value =>
  typeof value === 'string'
    ? new Markup(value)
    : isList(value)
      ? value.map(asMarkup)
      : value instanceof Tuple
        ? new Tuple(value.items.map(asMarkup))
        : value;

/** Whether Python has the attribute at all, for `attr`. */
export const hasAttribute = (value: Value, name: string, runtime: Runtime): boolean =>
  isUnsafe(value, name) || pythonAttribute(value, name, runtime) !== undefined;

/** Of those that exist, the ones that the sandbox does not give. */
function isUnsafe(value: Value, name: string): boolean {
  if (name.startsWith('_')) return DUNDER.has(name);
  if (isList(value)) return LIST_CHANGES.includes(name);
  return value instanceof Dict && DICT_CHANGES.includes(name);
}

function safeAttribute(value: Value, name: string, runtime: Runtime): Value | undefined {
  if (isUnsafe(value, name)) {
    return new Undefined(`access to attribute ${quote(name)} of ${quote(typeName(value))} object is unsafe.`, 'SecurityError');
  }
  return pythonAttribute(value, name, runtime);
}

/** `value.name` */
export function getAttribute(value: Value, name: string, runtime: Runtime): Value {
  if (value instanceof Undefined && !DUNDER.has(name)) value.fail();
  const attribute = safeAttribute(value, name, runtime);
  if (attribute !== undefined) return attribute;
  return orElse(item(value, name, runtime.budget), () => missing(value, name, runtime));
}

/** `value[key]` */
export function getItem(value: Value, key: Value, runtime: Runtime): Value {
  runtime.budget.read(textOf(key)?.length ?? 0);
  if (value instanceof Undefined) value.fail();
  const found = item(value, key, runtime.budget);
  if (found !== undefined) return found;
  const name = textOf(key);
  const attribute = name === null ? undefined : safeAttribute(value, name, runtime);
  return orElse(attribute, () => missing(value, key, runtime));
}

/** Python's `value[key]`; undefined where it raises TypeError or LookupError. */
function item(value: Value, key: Value, budget: Budget): Value | undefined {
  if (value instanceof Dict) {
    try {
      return value.get(key, budget);
    } catch (error) {
      if (isOf(error, 'TypeError')) return undefined;
      throw error;
    }
  }
  if (!isInt(key)) return undefined;
  const text = textOf(value);
  if (text !== null) {
    budget.text(text.length);
    const place = placeIn(key, lengthOf(text));
    if (place === null) return undefined;
    const character = characterAt(text, place)!;
    return value instanceof Markup ? new Markup(character) : character;
  }
  if (isList(value) || value instanceof Tuple) {
    const items = isList(value) ? value : value.items;
    const place = placeIn(key, items.length);
    return place === null ? undefined : items[place];
  }
  if (value instanceof Range) {
    const place = placeIn(key, value.size);
    return place === null ? undefined : value.at(place);
  }
  return undefined;
}

function missing(value: Value, key: Value, { budget }: Runtime): Undefined {
  const type = value === null ? 'None' : `${qualified(value)} object`;
  if (typeof key === 'string') budget.each(key.length >> 2);
  if (typeof key === 'string') return new Undefined(`${quote(type)} has no attribute ${quote(key)}`);
  return new Undefined(`${type} has no element ${print(key, budget)}`);
}

function qualified(value: Value): string {
  const name = typeName(value);
  if (name === 'Markup') return 'markupsafe.Markup';
  return value instanceof PyObject && /^[A-Z]/.test(name)
    ? `jinja2.${name === 'Cycler' || name === 'Joiner' ? 'utils' : 'runtime'}.${name}`
    : name;
}

/** For `str.format`. */
export const lookup = (runtime: Runtime) => ({
  attribute: (value: Value, name: string) => getAttribute(value, name, runtime),
  item: (value: Value, key: Value) => getItem(value, key, runtime),
});

/** `callee(…)` @throws JinjaError TypeError */
export function call(callee: Value, args: Arguments): Value {
  if (callee instanceof Callable) return callee.call(args);
  if (callee instanceof Undefined) callee.fail();
  throw typeError(`'${typeName(callee)}' object is not callable`);
}
