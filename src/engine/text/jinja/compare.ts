/** Equality and order of Python's values. */
import { notSupported, typeError } from './errors.ts';
import type { Budget } from './limits.ts';
import { numberOf } from './numbers.ts';
import { compareText } from './text.ts';
import { Dict, DictView, isList, isNumber, Range, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

/** `a == b` */
export function equals(a: Value, b: Value, budget: Budget): boolean {
  budget.step();
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0;
  const text = textOf(a);
  if (text !== null) return sameText(text, textOf(b), budget);
  if (a === null || a === b) return a === b;
  if (isList(a)) return isList(b) && sameItems(a, b, budget);
  if (a instanceof Tuple) return b instanceof Tuple && sameItems(a.items, b.items, budget);
  if (a instanceof Dict) return b instanceof Dict && sameEntries(a, b, budget);
  if (a instanceof Undefined) return b instanceof Undefined;
  if (a instanceof Range) {
    return b instanceof Range && a.size === b.size && (a.size === 0 || (a.start === b.start && (a.size === 1 || a.step === b.step)));
  }
  if (a instanceof DictView && b instanceof DictView && a.kind !== 'values') throw notSupported(`a comparison of ${a.typeName}`);
  return false;
}

/** Texts of different lengths differ; others are read. */
function sameText(a: string, b: string | null, budget: Budget): boolean {
  if (a.length !== b?.length) return false;
  budget.read(a.length);
  return a === b;
}

/** `a is b or a == b`, which only texts are compared for character by character. */
export const isSame = (a: Value, b: Value, budget: Budget): boolean => {
  if (typeof a === 'string' || !Object.is(a, b)) return equals(a, b, budget);
  budget.step();
  return true;
};

const sameItems = (a: readonly Value[], b: readonly Value[], budget: Budget) =>
  a.length === b.length && a.every((item, index) => isSame(item, b[index]!, budget));

function sameEntries(a: Dict, b: Dict, budget: Budget): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a.entries()) {
    const other = b.get(key, budget);
    if (other === undefined || !isSame(value, other, budget)) return false;
  }
  return true;
}

/** NaN where the two have no order. */
function compareNumbers(a: boolean | bigint | number, b: boolean | bigint | number): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  return x < y ? -1 : x > y ? 1 : x >= y ? 0 : Number.NaN;
}

export type Order = '<' | '<=' | '>' | '>=';

const holds = (operator: Order, order: number): boolean => {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
};

/** `a < b` and the like. @throws JinjaError TypeError where the types have no order */
export function ordered(operator: Order, a: Value, b: Value, budget: Budget): boolean {
  budget.step();
  if (isNumber(a) && isNumber(b)) return holds(operator, compareNumbers(a, b));
  const [text, other] = [textOf(a), textOf(b)];
  if (text !== null && other !== null) {
    budget.read(Math.min(text.length, other.length));
    return holds(operator, compareText(text, other));
  }
  const [left, right] = [itemsOf(a), itemsOf(b)];
  if (left && right && isList(a) === isList(b)) {
    const index = left.findIndex((item, at) => at >= right.length || !isSame(item, right[at]!, budget));
    if (index < 0) return holds(operator, left.length - right.length);
    return index >= right.length ? holds(operator, 1) : ordered(operator, left[index]!, right[index]!, budget);
  }
  if (a instanceof Undefined) a.fail();
  if (b instanceof Undefined) b.fail();
  if (a instanceof DictView && b instanceof DictView) throw notSupported(`a comparison of ${a.typeName}`);
  throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

const itemsOf = (value: Value): readonly Value[] | null => (isList(value) ? value : value instanceof Tuple ? value.items : null);

/** `sorted()`: stable, by `<` alone. */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => Value, isReversed: boolean, budget: Budget): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  // Python reverses before and after, so that equal ones keep their order.
  const sign = isReversed ? -1 : 1;
  keyed.sort((a, b) => (ordered('<', a.key, b.key, budget) ? -sign : ordered('<', b.key, a.key, budget) ? sign : 0));
  return keyed.map(({ item }) => item);
}
