/** Reads untrusted JSON, such as tokenizer.json, so that a wrong value is told with its place. */
import { TokenizerError } from './tokenizer-error.ts';

/** Steps in a row. */
const MAX_STAGES = 1024;

/** An object within the file; its readers throw a `TokenizerError` that names the place. */
export class JsonPart {
  readonly #fields: Record<string, unknown>;

  constructor(
    readonly path: string,
    value: unknown,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TokenizerError(path, `must be an object, and is ${kindOf(value)}.`);
    }
    this.#fields = value as Record<string, unknown>;
  }

  /** Null where the field is missing or null. */
  part(key: string): JsonPart | null {
    const value = this.get(key);
    return value === null ? null : new JsonPart(this.at(key), value);
  }

  text(key: string, fallback: string | null = null): string {
    return this.optionalText(key) ?? fallback ?? this.missing(key, 'a string');
  }

  optionalText(key: string): string | null {
    const value = this.get(key);
    return value === null || typeof value === 'string' ? value : this.wrong(key, 'a string', value);
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key);
    if (value === null) return fallback;
    return typeof value === 'boolean' ? value : this.wrong(key, 'true or false', value);
  }

  /** An integer of at least 0. */
  count(key: string, fallback: number | null = null): number {
    const value = this.get(key);
    if (value === null) return fallback ?? this.missing(key, 'an integer');
    return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : this.wrong(key, 'an integer of at least 0', value);
  }

  number(key: string, fallback: number): number {
    const value = this.get(key);
    if (value === null) return fallback;
    return typeof value === 'number' ? value : this.wrong(key, 'a number', value);
  }

  list(key: string, fallback: readonly unknown[] | null = null): readonly unknown[] {
    const value = this.get(key);
    if (value === null) return fallback ?? this.missing(key, 'a list');
    return Array.isArray(value) ? value : this.wrong(key, 'a list', value);
  }

  parts(key: string, fallback: readonly unknown[] | null = null): JsonPart[] {
    return this.list(key, fallback).map((value, index) => new JsonPart(`${this.at(key)}[${index}]`, value));
  }

  /** Steps that are taken one after the other, no more than any file has. */
  stages(key: string): JsonPart[] {
    const parts = this.parts(key);
    if (parts.length > MAX_STAGES)
      throw new TokenizerError(this.at(key), `must have at most ${MAX_STAGES} steps, and has ${parts.length}.`);
    return parts;
  }

  choice<T extends string>(key: string, choices: readonly T[], fallback: T): T {
    const value = this.get(key);
    if (value === null) return fallback;
    return choices.find((one) => one === value) ?? this.wrong(key, `one of ${choices.join(', ')}`, value);
  }

  /** The value as it stands; null where it is missing. */
  get(key: string): unknown {
    return Object.hasOwn(this.#fields, key) ? (this.#fields[key] ?? null) : null;
  }

  entries(): [string, unknown][] {
    return Object.entries(this.#fields);
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  private missing(key: string, expected: string): never {
    throw new TokenizerError(this.at(key), `is missing; expected ${expected}.`);
  }

  private wrong(key: string, expected: string, value: unknown): never {
    throw new TokenizerError(this.at(key), `must be ${expected}, and is ${kindOf(value)}.`);
  }
}

/** The type of a stage, for a message: what was found, in a few words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `${typeof value === 'string' ? 'the string' : 'the'} ${typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : `${typeof value} ${String(value)}`}`;
}
