/** What built-in functions may ask of the rendering that calls them. */
import type { Budget } from './limits.ts';
import type { Arguments, Value } from './values.ts';

export interface Runtime {
  readonly budget: Budget;
  /** What `strftime_now` reads. */
  readonly now: () => Date;
  call(callee: Value, args: Arguments): Value;
  filter(name: string, value: Value, args: Arguments): Value;
  test(name: string, value: Value, args: Arguments): boolean;
}

/** A method of a type: the value it belongs to, and the arguments. */
export type Method<T extends Value = Value> = (self: T, args: Arguments, runtime: Runtime) => Value;
export type Methods<T extends Value = Value> = ReadonlyMap<string, Method<T>>;
