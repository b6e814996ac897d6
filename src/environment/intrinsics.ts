/**
 * The language's own objects as a realm had them at first. Everything in the realm runs on them: code that changes one breaks what it never
 * called, and is found by this. Nothing here calls a method that could have been changed.
 */

const { getOwnPropertyDescriptor, defineProperty, getPrototypeOf, setPrototypeOf, is } = Object;
const { ownKeys, deleteProperty } = Reflect;
const text = String;

/** Constructors and namespaces, with their own properties and those of their prototypes. */
const OBJECTS =
  `Object Function Array String Number Boolean Symbol BigInt Date RegExp Promise Map Set WeakMap WeakSet WeakRef Proxy Reflect JSON Math Intl
  Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError ArrayBuffer SharedArrayBuffer DataView Atomics
  Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array
  Iterator WebAssembly EventTarget Event MessagePort AbortController AbortSignal ReadableStream Blob URL URLSearchParams TextEncoder TextDecoder
  Request Response Headers`.split(/\s+/);

/** Functions of the global scope. */
const FUNCTIONS = `eval isFinite isNaN parseFloat parseInt encodeURIComponent decodeURIComponent fetch structuredClone
  setTimeout clearTimeout setInterval clearInterval queueMicrotask`.split(/\s+/);

/** Set by whoever wants longer stacks: no harm in it. */
const FREE = 'Error.stackTraceLimit';

interface Kept {
  name: string;
  holder: object;
  prototype: object | null;
  keys: readonly (string | symbol)[];
  descriptors: readonly PropertyDescriptor[];
}

type Scope = Record<string, unknown>;

export class Intrinsics {
  readonly #kept: Kept[] = [];
  readonly #globals: { name: string; value: unknown }[] = [];

  constructor(private readonly scope: Scope) {
    for (const name of OBJECTS) {
      const value = scope[name];
      if (!isObject(value)) continue;
      this.#globals.push({ name, value });
      this.#keep(name, value);
      if (typeof value === 'function') this.#keep(`${name}.prototype`, value.prototype);
    }
    for (const name of FUNCTIONS) if (typeof scope[name] === 'function') this.#globals.push({ name, value: scope[name] });
    // Those without a name of their own.
    const realm = scope as unknown as typeof globalThis;
    this.#keep('%TypedArray%', getPrototypeOf(realm.Uint8Array));
    this.#keep('%TypedArray%.prototype', getPrototypeOf(realm.Uint8Array.prototype));
    this.#keep('%ArrayIteratorPrototype%', getPrototypeOf(new realm.Array<number>().values()));
    this.#keep('%MapIteratorPrototype%', getPrototypeOf(new realm.Map().entries()));
    this.#keep('%SetIteratorPrototype%', getPrototypeOf(new realm.Set().values()));
  }

  /**
   * Puts back what is no longer as it was.
   * @returns what that is: `Array.prototype.push`
   */
  restore(): string[] {
    const changed: string[] = [];
    const { scope } = this;
    for (let i = 0; i < this.#globals.length; i++) {
      const { name, value } = this.#globals[i]!;
      if (scope[name] === value) continue;
      changed[changed.length] = name;
      defineProperty(scope, name, { value, writable: true, configurable: true, enumerable: false });
    }
    for (let i = 0; i < this.#kept.length; i++) restoreOne(this.#kept[i]!, changed);
    return changed;
  }

  #keep(name: string, holder: unknown): void {
    if (!isObject(holder)) return;
    const keys = ownKeys(holder);
    const descriptors = keys.map((key) => getOwnPropertyDescriptor(holder, key)!);
    this.#kept.push({ name, holder, prototype: getPrototypeOf(holder) as object | null, keys, descriptors });
  }
}

function restoreOne({ name, holder, prototype, keys, descriptors }: Kept, changed: string[]): void {
  let kept = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const was = descriptors[i]!;
    const now = getOwnPropertyDescriptor(holder, key);
    if (now) kept++;
    if (now && isSame(now, was)) continue;
    const path = `${name}.${text(key)}`;
    if (path === FREE) continue;
    changed[changed.length] = path;
    attempt(() => defineProperty(holder, key, was));
    if (!now) kept++;
  }
  const own = ownKeys(holder);
  for (let i = 0; own.length > kept && i < own.length; i++) {
    const key = own[i]!;
    if (hasKey(keys, key)) continue;
    changed[changed.length] = `${name}.${text(key)}`;
    attempt(() => deleteProperty(holder, key));
  }
  if (getPrototypeOf(holder) === prototype) return;
  changed[changed.length] = `the prototype of ${name}`;
  attempt(() => setPrototypeOf(holder, prototype));
}

/** Without `includes`, which may be what was changed. */
function hasKey(keys: readonly (string | symbol)[], key: string | symbol): boolean {
  for (let i = 0; i < keys.length; i++) if (keys[i] === key) return true;
  return false;
}

const isSame = (a: PropertyDescriptor, b: PropertyDescriptor): boolean =>
  is(a.value, b.value) && a.get === b.get && a.set === b.set && a.writable === b.writable && a.configurable === b.configurable;

/** What was sealed cannot be put back; it is told all the same. */
function attempt(change: () => unknown): void {
  try {
    change();
  } catch {}
}

const isObject = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** @returns a sentence for whoever wrote the code; null where nothing was changed */
export function changedBy(who: string, changed: readonly string[]): string | null {
  if (changed.length === 0) return null;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : '';
  return `${who} changed ${changed.slice(0, 3).join(', ')}${more}, on which everything in its worker runs; it was put back. Keep such a change in functions of your own.`;
}

let ofThisRealm: Intrinsics | null = null;
let isShared = false;
let found: string | null = null;

/** Of this realm; to be asked for first before any code of a person's has run. */
export const intrinsics = (): Intrinsics => (ofThisRealm ??= new Intrinsics(globalThis as unknown as Scope));

/** The same, for whoever runs code of a person's in it: from now on each call looks whether that has changed something meanwhile. */
export function sharedIntrinsics(): Intrinsics {
  isShared = true;
  return intrinsics();
}

/** Of what runs by itself, such as in a timer: put back at once, and told to the call that comes next. */
export function noteChanges(who: string): void {
  found = changedBy(who, intrinsics().restore()) ?? found;
}

/** @returns what was changed since the last call, by code that nobody called; it is put back */
export function changedMeanwhile(): string | null {
  if (!isShared) return null;
  noteChanges('Code that runs in this worker');
  const told = found;
  found = null;
  return told;
}
