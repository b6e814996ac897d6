/** The door of both transports: an input is what JSON can write, no deeper than the engine walks it, and the same however it comes. */
import { ApiError, type ErrorItem } from './errors.ts';
import { invalidInput, pointerOf } from './invalid-input.ts';

/** Lists and objects within one another; each walk of an input may be recursive. */
export const MAX_INPUT_DEPTH = 256;
/** Values of an input, each as often as it stands there: as many as the largest body could hold. */
const MAX_VALUES = 16_000_000;

/**
 * The input as JSON would carry it: what writes itself (a Date) is its text. Typed arrays of tensors and files of uploads stay.
 * @throws ApiError validation_failed that names the place
 */
export function jsonInput<T>(input: T): T {
  try {
    return new Walk().value(input, null, null) as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // A field that is computed, or what writes itself, has failed.
    throw new ApiError('validation_failed', `The input can't be read: ${error instanceof Error ? error.message : 'a field of it fails'}.`);
  }
}

class Walk {
  #count = 0;
  readonly #path: (string | number)[] = [];
  readonly #around: object[] = [];

  /** @param isWritten it is what something has written of itself */
  value(given: unknown, key: string | number | null, holder: object | null, isWritten = false): unknown {
    if (++this.#count > MAX_VALUES) throw new ApiError('payload_too_large', `The input has more than ${MAX_VALUES} values.`);
    switch (typeof given) {
      case 'string':
      case 'boolean':
        return given;
      case 'number':
        return Number.isFinite(given) ? given : this.#refuse('must be a finite number');
      case 'object':
        break;
      default:
        return this.#refuse(`must be a value that JSON can hold; it is ${NAMES[typeof given]}`);
    }
    if (given === null) return given;
    if (!isWritten && hasOwnForm(given)) return this.value(given.toJSON(String(key ?? '')), key, holder, true);
    if (isCarriedBeside(given, key, holder)) return given;
    if (this.#around.length >= MAX_INPUT_DEPTH) {
      const isCycle = new Set(this.#around).size < this.#around.length;
      this.#path.length = isCycle ? 1 : SHOWN_PATH;
      this.#refuse(isCycle ? 'must not hold itself' : `must have at most ${MAX_INPUT_DEPTH} lists and objects within one another`);
    }
    this.#around.push(given);
    const result = Array.isArray(given) ? this.#list(given) : this.#object(given);
    this.#around.pop();
    return result;
  }

  #list(given: readonly unknown[]): unknown[] {
    let copy: unknown[] | null = null;
    for (let index = 0; index < given.length; index++) {
      const item = given[index];
      const made = this.#within(item, index, given);
      if (made !== item) (copy ??= [...given])[index] = made;
    }
    return copy ?? (given as unknown[]);
  }

  #object(given: object): object {
    const type = Object.prototype.toString.call(given).slice(8, -1);
    if (type !== 'Object') this.#refuse(`must be a value that JSON can hold; it is ${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`);
    let copy: Record<string, unknown> | null = null;
    for (const [name, item] of Object.entries(given)) {
      // What is undefined is not there, in JSON as in a schema.
      if (item === undefined) continue;
      const made = this.#within(item, name, given);
      if (made !== item) (copy ??= { ...given })[name] = made;
    }
    return copy ?? given;
  }

  #within(item: unknown, key: string | number, holder: object): unknown {
    this.#path.push(key);
    if (key === '__proto__') this.#refuse('is a name that is not taken');
    const made = this.value(item, key, holder);
    this.#path.pop();
    return made;
  }

  #refuse(message: string): never {
    const fault: ErrorItem = { path: pointerOf(this.#path), message: `${message}.` };
    throw invalidInput([fault]);
  }
}

/** Of a place too deep, its beginning. */
const SHOWN_PATH = 8;

const NAMES: Readonly<Record<string, string>> = {
  undefined: 'undefined',
  bigint: 'a BigInt',
  function: 'a function',
  symbol: 'a symbol',
};

const hasOwnForm = (value: object): value is { toJSON(key: string): unknown } => 'toJSON' in value && typeof value.toJSON === 'function';

/** A tensor's typed array and an upload's file, which have forms of their own on each transport. */
function isCarriedBeside(value: object, key: string | number | null, holder: object | null): boolean {
  if (key !== 'data' || holder === null) return false;
  if (ArrayBuffer.isView(value)) return 'dtype' in holder && 'shape' in holder;
  return value instanceof Blob && 'path' in holder;
}
