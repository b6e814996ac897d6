/** Variables: each frame of a template sees those of the frames around it, but for those that it sets later itself. */
import type { Value } from './values.ts';

export const NOT_SET = Symbol('not set');

export class Scope {
  readonly #values = new Map<string, Value>();

  /** @param pending names that are this frame's own, and not there until they are set */
  constructor(
    private readonly outer: Scope | null,
    private readonly pending?: ReadonlySet<string>,
  ) {}

  /** A value may be None, which is not missing. Of what is a frame's that has not set it `NOT_SET` is found. */
  get(name: string): Value | typeof NOT_SET | undefined {
    const own = this.#own(name);
    if (own !== undefined) return own;
    for (let scope = this.outer; scope; scope = scope.outer) {
      const value = scope.#own(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #own(name: string): Value | typeof NOT_SET | undefined {
    const value = this.#values.get(name);
    return value === undefined && this.pending?.has(name) ? NOT_SET : value;
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }
}
