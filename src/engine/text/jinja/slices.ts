/** Indices and slices of Python's sequences. */
import { toIndex } from './arguments.ts';
import { typeError, valueError } from './errors.ts';
import type { Budget } from './limits.ts';
import { characters, lengthOf, sliceOf } from './text.ts';
import { isInt, isList, Markup, Range, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

export interface Slice {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

/** `value[start:stop:step]`. @throws JinjaError */
export function slice(value: Value, bounds: Slice, budget: Budget): Value {
  if (value instanceof Undefined) value.fail();
  const text = textOf(value);
  if (text !== null) {
    budget.text(text.length);
    if (bounds.step !== null) budget.each(text.length >> 2);
    const part = sliceText(text, bounds);
    return value instanceof Markup ? new Markup(part) : part;
  }
  if (isList(value)) {
    budget.items(value.length);
    return pick(value, indicesOf(bounds, value.length));
  }
  if (value instanceof Tuple) {
    budget.items(value.size);
    return new Tuple(pick(value.items, indicesOf(bounds, value.size)));
  }
  if (value instanceof Range) {
    const { start, stop } = indicesOf(bounds, value.size);
    // The step as it is: it is shown.
    const step = bounds.step === null ? 1n : BigInt(bounds.step as bigint | boolean);
    const at = (index: number) => value.start + BigInt(index) * value.step;
    return new Range(at(start), at(stop), value.step * step);
  }
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}

function sliceText(text: string, bounds: Slice): string {
  const { start, step, count } = indicesOf(bounds, lengthOf(text));
  if (step === 1) return sliceOf(text, start, start + count);
  return pick(characters(text), { start, step, count }).join('');
}

interface Indices {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly count: number;
}

const pick = <T>(items: readonly T[], { start, step, count }: Omit<Indices, 'stop'>): T[] =>
  step === 1 ? items.slice(start, start + count) : Array.from({ length: count }, (_, index) => items[start + index * step]!);

/** `slice.indices()` */
function indicesOf(bounds: Slice, length: number): Indices {
  const step = bounds.step === null ? 1 : boundOf(bounds.step);
  if (step === 0) throw valueError('slice step cannot be zero');
  const isForward = step > 0;
  const clamp = (bound: Value, otherwise: number) => {
    if (bound === null) return otherwise;
    const place = boundOf(bound);
    const fromStart = place < 0 ? place + length : place;
    return Math.min(Math.max(fromStart, isForward ? 0 : -1), isForward ? length : length - 1);
  };
  const start = clamp(bounds.start, isForward ? 0 : length - 1);
  const stop = clamp(bounds.stop, isForward ? length : -1);
  const span = isForward ? stop - start : start - stop;
  return { start, stop, step, count: span <= 0 ? 0 : Math.ceil(span / Math.abs(step)) };
}

function boundOf(value: Value): number {
  if (!isInt(value)) throw typeError('slice indices must be integers or None or have an __index__ method');
  // Beyond any length all are alike.
  return Math.min(Math.max(Number(value), -(2 ** 52)), 2 ** 52);
}

/** The place of an index in a sequence of this length; null where there is none. */
export function placeIn(index: Value, length: number): number | null {
  const at = toIndex(index);
  const place = at < 0 ? at + length : at;
  return place >= 0 && place < length ? place : null;
}
