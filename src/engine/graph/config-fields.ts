/** Reads fields of a Hugging Face `config.json` with their defaults, and says precisely which one is wrong. */
import type { Activation } from './elementwise-ops.ts';
import { ConfigError } from './errors.ts';

const ACTIVATION_NAMES: Record<string, Activation> = {
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu_tanh',
  gelu_fast: 'gelu_tanh',
  gelu_accurate: 'gelu_tanh',
  gelu_python_tanh: 'gelu_tanh',
  gelu_pytorch_tanh: 'gelu_tanh',
  relu: 'relu',
};

/** What is read before the weights are there to agree with it: more than any model has, and little enough to make tables of. */
export const MOST = { size: 2 ** 31 - 1, layers: 2 ** 14, headDim: 2 ** 16, rotaryPositions: 2 ** 24 };

/** A field that is absent or null takes its default, as in transformers. */
export class ConfigFields {
  constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly path = '',
  ) {}

  has(name: string): boolean {
    return this.raw[name] !== undefined && this.raw[name] !== null;
  }

  /** Whether the field stands there at all, be it null. */
  mentions(name: string): boolean {
    return Object.hasOwn(this.raw, name);
  }

  /** A whole number of at least 0. */
  count(name: string, fallback?: number): number {
    return this.#read(name, fallback, 'a whole number', (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0);
  }

  /** A whole number from 1 to `most`. */
  size(name: string, fallback?: number, most: number = MOST.size): number {
    return this.#read(
      name,
      fallback,
      `a whole number from 1 to ${most}`,
      (value): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) <= most,
    );
  }

  /** A number above 0. */
  positive(name: string, fallback?: number): number {
    return this.#read(
      name,
      fallback,
      'a number above 0',
      (value): value is number => typeof value === 'number' && value > 0 && Number.isFinite(value),
    );
  }

  boolean(name: string, fallback?: boolean): boolean {
    return this.#read(name, fallback, 'true or false', (value) => typeof value === 'boolean');
  }

  string(name: string, fallback?: string): string {
    return this.#read(name, fallback, 'a string', (value) => typeof value === 'string');
  }

  strings(name: string): string[] {
    return this.#read(
      name,
      undefined,
      'a list of strings',
      (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    );
  }

  activation(name: string, fallback: string): Activation {
    const value = this.string(name, fallback);
    const activation = Object.hasOwn(ACTIVATION_NAMES, value) ? ACTIVATION_NAMES[value] : undefined;
    return activation ?? this.fail(name, Object.keys(ACTIVATION_NAMES).join(', '));
  }

  /** Fields of a nested object; `null` where there is none. */
  object(name: string): ConfigFields | null {
    if (!this.has(name)) return null;
    const value = this.raw[name];
    if (typeof value !== 'object' || Array.isArray(value)) this.fail(name, 'an object or null');
    return new ConfigFields(value as Record<string, unknown>, `${this.path}${name}.`);
  }

  /** As `object`, but one without fields is as good as none. */
  filled(name: string): ConfigFields | null {
    const object = this.object(name);
    return object && object.names().length > 0 ? object : null;
  }

  names(): string[] {
    return Object.keys(this.raw);
  }

  isObject(name: string): boolean {
    return this.has(name) && typeof this.raw[name] === 'object' && !Array.isArray(this.raw[name]);
  }

  /** The fields with other names for some, which count where both stand there. */
  renamed(names: Readonly<Record<string, string>>): ConfigFields {
    const raw = { ...this.raw };
    for (const [alias, name] of Object.entries(names)) if (this.has(alias)) raw[name] = raw[alias];
    return new ConfigFields(raw, this.path);
  }

  /** Refuses a field that is set to anything but `expected`. */
  only<T>(name: string, expected: T): void {
    if (this.has(name) && this.raw[name] !== expected) this.fail(name, JSON.stringify(expected));
  }

  fail(name: string, supported: string): never {
    throw new ConfigError(this.path + name, this.raw[name], supported);
  }

  #read<T>(name: string, fallback: T | undefined, supported: string, accepts: (value: unknown) => value is T): T {
    const value = this.has(name) ? this.raw[name] : fallback;
    return accepts(value) ? value : this.fail(name, supported);
  }
}
