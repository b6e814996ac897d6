/** Python's values as a template holds them: `bigint` is int, `number` is float, an array is a list; the rest are objects of this file. */
import { JinjaError, typeError } from './errors.ts';
import { type Budget, limitExceeded } from './limits.ts';

export type Value = null | boolean | bigint | number | string | readonly Value[] | PyObject;

/** Positional and keyword arguments of a call. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A value with a type of its own. What a type does not have stays as it is here. */
export abstract class PyObject {
  /** As Python names it in messages. */
  abstract readonly typeName: string;

  /** A Python attribute, before items are looked at; undefined where there is none. */
  attribute(_name: string): Value | undefined {
    return undefined;
  }

  /** `str()`; null where Python prints an address. */
  print(_repr: (value: Value) => string): string | null {
    return null;
  }

  /** `iter()`; null where it can't be iterated. */
  iterate(): Iterator<Value> | null {
    return null;
  }

  /** `len()`; null where it has none. */
  get size(): number | null {
    return null;
  }
}

export class Tuple extends PyObject {
  readonly typeName: string = 'tuple';

  constructor(readonly items: readonly Value[]) {
    super();
  }

  override iterate(): Iterator<Value> {
    return this.items.values();
  }

  override get size(): number {
    return this.items.length;
  }
}

/** What `groupby` gives. */
export class Group extends Tuple {
  override attribute(name: string): Value | undefined {
    return name === 'grouper' ? this.items[0] : name === 'list' ? this.items[1] : undefined;
  }
}

/** Characters of a tuple that is a key. */
const MAX_KEY = 10_000;

/** Equal values have one key, as `1`, `1.0` and `True`. */
export type Key = string | bigint | number | boolean | null | object;

/**
 * A text is read whole for it, as its hash is.
 * @throws JinjaError TypeError for lists and dictionaries
 */
export function keyOf(value: Value, budget: Budget): Key {
  if (typeof value === 'string') budget.read(value.length);
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value) || value instanceof Dict) throw typeError(`unhashable type: '${Array.isArray(value) ? 'list' : 'dict'}'`);
  if (value instanceof DictView && value.kind !== 'values') throw typeError(`unhashable type: '${value.typeName}'`);
  if (value instanceof Markup) return keyOf(value.text, budget);
  if (value instanceof Undefined) return Undefined;
  if (value instanceof Tuple) {
    let key = '\0tuple';
    for (const item of value.items) {
      key += ` ${describeKey(keyOf(item, budget))}`;
      budget.step();
      if (key.length > MAX_KEY) throw limitExceeded(`a key of ${key.length} characters; at most ${MAX_KEY} are compared.`);
    }
    budget.read(key.length);
    return key;
  }
  return value as Key;
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

function describeKey(key: Key): string {
  if (typeof key !== 'object' && typeof key !== 'function') return typeof key === 'string' ? JSON.stringify(key) : `${typeof key}${key}`;
  if (key === null) return 'None';
  let identity = identities.get(key);
  if (identity === undefined) identities.set(key, (identity = identityCount++));
  return `#${identity}`;
}

export class Dict extends PyObject {
  readonly typeName = 'dict';
  readonly #entries = new Map<Key, readonly [Value, Value]>();

  constructor(entries: Iterable<readonly [Value, Value]>, budget: Budget) {
    super();
    for (const [key, value] of entries) this.set(key, value, budget);
  }

  /** While it is built; templates can't change one. The key that came first stays. */
  set(key: Value, value: Value, budget: Budget): void {
    const hash = keyOf(key, budget);
    const entry = this.#entries.get(hash);
    this.#entries.set(hash, [entry ? entry[0] : key, value]);
  }

  get(key: Value, budget: Budget): Value | undefined {
    return this.#entries.get(keyOf(key, budget))?.[1];
  }

  has(key: Value, budget: Budget): boolean {
    return this.#entries.has(keyOf(key, budget));
  }

  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.values();
  }

  override *iterate(): Iterator<Value> {
    for (const [key] of this.#entries.values()) yield key;
  }

  override get size(): number {
    return this.#entries.size;
  }
}

/** `dict.keys()`, `.values()`, `.items()` */
export class DictView extends PyObject {
  readonly typeName: string;

  constructor(
    readonly kind: 'keys' | 'values' | 'items',
    readonly dict: Dict,
  ) {
    super();
    this.typeName = `dict_${kind}`;
  }

  override *iterate(): Iterator<Value> {
    for (const [key, value] of this.dict.entries())
      yield this.kind === 'keys' ? key : this.kind === 'values' ? value : new Tuple([key, value]);
  }

  override get size(): number {
    return this.dict.size;
  }

  override print(repr: (value: Value) => string): string {
    return `${this.typeName}(${repr([...{ [Symbol.iterator]: () => this.iterate() }])})`;
  }
}

export class Range extends PyObject {
  readonly typeName = 'range';
  readonly #size: number;

  constructor(
    readonly start: bigint,
    readonly stop: bigint,
    readonly step: bigint,
  ) {
    super();
    const span = step > 0n ? stop - start : start - stop;
    const stride = step > 0n ? step : -step;
    this.#size = span <= 0n ? 0 : Number((span + stride - 1n) / stride);
  }

  override get size(): number {
    return this.#size;
  }

  override attribute(name: string): Value | undefined {
    return name === 'start' ? this.start : name === 'stop' ? this.stop : name === 'step' ? this.step : undefined;
  }

  at(index: number): bigint {
    return this.start + BigInt(index) * this.step;
  }

  override *iterate(): Iterator<Value> {
    for (let index = 0; index < this.size; index++) yield this.at(index);
  }

  override print(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1n ? '' : `, ${this.step}`})`;
  }
}

/** A generator or another iterator: what was taken from it is gone. */
export class Iter extends PyObject {
  constructor(
    private readonly items: Iterator<Value>,
    readonly typeName = 'generator',
  ) {
    super();
  }

  override iterate(): Iterator<Value> {
    return this.items;
  }
}

/** What is not there: it prints as nothing, and fails when anything else is done with it. */
export class Undefined extends PyObject {
  readonly typeName = 'Undefined';

  constructor(
    readonly message: string,
    readonly error: 'UndefinedError' | 'SecurityError' = 'UndefinedError',
  ) {
    super();
  }

  fail(): never {
    throw new JinjaError(this.error, this.message);
  }

  override print(): string {
    return '';
  }

  override iterate(): Iterator<Value> {
    return [].values();
  }

  override get size(): number {
    return 0;
  }
}

/** Text that is safe for HTML: what is joined to it is escaped. */
export class Markup extends PyObject {
  readonly typeName = 'Markup';

  constructor(readonly text: string) {
    super();
  }
}

/** The text of `str` and of its subclass `Markup`. */
export const textOf = (value: Value): string | null => (typeof value === 'string' ? value : value instanceof Markup ? value.text : null);

/** A function, a method of a value, or a type. */
export class Callable extends PyObject {
  readonly typeName: string = 'function';

  constructor(
    readonly name: string,
    readonly call: (args: Arguments) => Value,
  ) {
    super();
  }
}

/** The name of a value's type. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'str';
    default:
      return (value as PyObject).typeName;
  }
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isNumber = (value: Value): value is boolean | bigint | number => ['boolean', 'bigint', 'number'].includes(typeof value);
/** Of `int` or its subclass `bool`. */
export const isInt = (value: Value): value is boolean | bigint => typeof value === 'bigint' || typeof value === 'boolean';
