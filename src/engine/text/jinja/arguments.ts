/** Arguments of a call against the parameters of a Python function, and the types that these want. */
import { typeError } from './errors.ts';
import { type Arguments, isInt, textOf, typeName, Undefined, type Value } from './values.ts';

export const NO_ARGUMENTS: Arguments = { positional: [], named: new Map() };
export const positional = (...values: Value[]): Arguments => ({ positional: values, named: new Map() });

interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
}

export type Bound = readonly (Value | undefined)[];

/**
 * A function's parameters: `value width=` has one that must be given and one that need not.
 * After `/` none is left that can be given by name: `sep= maxsplit= /` is positional throughout.
 */
export class Signature {
  readonly #parameters: readonly Parameter[];
  readonly #positionalOnly: boolean;
  readonly #required: number;

  constructor(
    private readonly name: string,
    parameters: string,
  ) {
    const words = parameters.split(' ').filter(Boolean);
    this.#positionalOnly = words.at(-1) === '/';
    this.#parameters = words
      .filter((word) => word !== '/')
      .map((word) => ({ name: word.replace('=', ''), isOptional: word.endsWith('=') }));
    this.#required = this.#parameters.filter(({ isOptional }) => !isOptional).length;
  }

  /** A value for each parameter; undefined where it was not given. @throws JinjaError TypeError */
  bind({ positional: given, named }: Arguments): Bound {
    const parameters = this.#parameters;
    const name = `${this.name}()`;
    if (given.length > parameters.length) {
      const takes = this.#required === parameters.length ? parameters.length : `from ${this.#required} to ${parameters.length}`;
      throw typeError(`${name} takes ${takes} positional argument${parameters.length === 1 ? '' : 's'} but ${given.length} were given`);
    }
    if (named.size > 0 && this.#positionalOnly) throw typeError(`${name} takes no keyword arguments`);
    for (const key of named.keys()) {
      const index = parameters.findIndex((parameter) => parameter.name === key);
      if (index < 0) throw typeError(`${name} got an unexpected keyword argument '${key}'`);
      if (index < given.length) throw typeError(`${name} got multiple values for argument '${key}'`);
    }
    return parameters.map((parameter, index) => {
      const value = index < given.length ? given[index] : named.get(parameter.name);
      if (value === undefined && !parameter.isOptional) {
        throw typeError(`${name} missing required argument: '${parameter.name}'`);
      }
      return value;
    });
  }
}

/** An index or a count. @throws JinjaError TypeError */
export function toIndex(value: Value): number {
  if (isInt(value)) return Number(value);
  if (value instanceof Undefined) throw typeError("'Undefined' object cannot be interpreted as an integer");
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** @throws JinjaError TypeError */
export function toText(value: Value, what: string): string {
  const text = textOf(value);
  if (text === null) throw typeError(`${what} must be str, not ${typeName(value)}`);
  return text;
}
