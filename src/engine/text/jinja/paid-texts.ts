/** What goes into a filter, a test or a method is paid for where it is called, so that none is left out: texts by their length, and those that come out. */
import type { Budget } from './limits.ts';
import { type Arguments, textOf, type Value } from './values.ts';

/** @throws JinjaError LimitExceeded, also for a text that has come out too long */
export function withPaidTexts<T extends Value>(value: Value, { positional, named }: Arguments, budget: Budget, work: () => T): T {
  let length = textOf(value)?.length ?? 0;
  for (const argument of positional) length += textOf(argument)?.length ?? 0;
  for (const argument of named.values()) length += textOf(argument)?.length ?? 0;
  budget.step(positional.length + named.size);
  budget.read(length);
  const result = work();
  const made = textOf(result)?.length ?? 0;
  budget.grow(made);
  if (made > length) budget.read(made - length);
  return result;
}
