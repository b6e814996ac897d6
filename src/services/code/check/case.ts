/** What a case of a code resource is: a small fixed scenario that a candidate must get right. */
import type { CheckedModel } from './protocol.ts';

export interface Case {
  name: string;
  description: string;
  /**
   * Throws what is wrong; gives what a person may want to see.
   * @param exported the module's default export
   * @param warn tells what is no failure
   */
  run(exported: unknown, model: CheckedModel | null, warn: (message: string, stack?: string) => void): unknown;
}

/** A candidate that ran and gave something wrong. */
export class CaseFailure extends Error {
  override readonly name = 'CaseFailure';
  constructor(
    message: string,
    readonly expected: unknown,
    readonly got: unknown,
  ) {
    super(message);
  }
}

/** @throws CaseFailure when the export is no function */
export function asFunction<F>(exported: unknown, what: string): F {
  if (typeof exported !== 'function')
    throw new CaseFailure(`The default export must be ${what}; it is ${kindOf(exported)}.`, 'function', kindOf(exported));
  return exported as F;
}

export function asObject<T extends object>(
  exported: unknown,
  what: string,
  methods: readonly (keyof T & string)[],
  texts: readonly (keyof T & string)[],
): T {
  if (typeof exported !== 'object' || exported === null)
    throw new CaseFailure(`The default export must be ${what}; it is ${kindOf(exported)}.`, 'object', kindOf(exported));
  const object = exported as Record<string, unknown>;
  for (const method of methods) if (typeof object[method] !== 'function') throw missing(method, 'a function', object[method]);
  for (const text of texts) if (typeof object[text] !== 'string') throw missing(text, 'a string', object[text]);
  return exported as T;
}

const missing = (field: string, what: string, got: unknown) =>
  new CaseFailure(`\`${field}\` of the default export must be ${what}; it is ${kindOf(got)}.`, what, kindOf(got));

export const kindOf = (value: unknown): string =>
  value === null ? 'null' : value === undefined ? 'missing' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
