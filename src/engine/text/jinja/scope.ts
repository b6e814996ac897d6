/** Variables: each block of a template that has its own sees those around it. */
import type { Value } from './values.ts';

export class Scope {
  readonly #values = new Map<string, Value>();

  constructor(private readonly outer: Scope | null) {}

  /** A value may be None, which is not missing. */
  get(name: string): Value | undefined {
    const own = this.#values.get(name);
    if (own !== undefined) return own;
    for (let scope = this.outer; scope; scope = scope.outer) {
      const value = scope.#values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }
}
