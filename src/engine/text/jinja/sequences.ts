/** What Python's protocols say of values: truth, length, iteration, membership. */
import { isSame } from './compare.ts';
import { typeError } from './errors.ts';
import type { Budget } from './limits.ts';
import { Needle } from './needle.ts';
import { lengthOf as textLength } from './text.ts';
import { Dict, DictView, isInt, isList, Markup, PyObject, Range, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

export function isTrue(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === 'object') {
    if (isList(value)) return value.length > 0;
    if (value instanceof Markup) return value.text !== '';
    return (value as PyObject).size !== 0;
  }
  // NaN is true.
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

/** `len()`. @throws JinjaError TypeError */
export function lengthOf(value: Value): number {
  const text = textOf(value);
  if (text !== null) return textLength(text);
  if (isList(value)) return value.length;
  const size = value instanceof PyObject ? value.size : null;
  if (size === null) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return size;
}

/** `iter()`; null where it can't be iterated. */
export function iteratorOf(value: Value): Iterator<Value> | null {
  const text = textOf(value);
  // A string goes by code points by itself.
  if (text !== null) return text[Symbol.iterator]();
  if (isList(value)) return value.values();
  return value instanceof PyObject ? value.iterate() : null;
}

/** The items one after the other, each a step. @throws JinjaError TypeError */
export function* iterate(value: Value, budget: Budget): Generator<Value, void, undefined> {
  const iterator = iteratorOf(value);
  if (!iterator) throw typeError(`'${typeName(value)}' object is not iterable`);
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    budget.each(1);
    yield next.value;
  }
}

/** `list()`. @throws JinjaError TypeError */
export function toList(value: Value, budget: Budget): Value[] {
  if (isList(value)) budget.items(value.length);
  else if (value instanceof PyObject && value.size !== null) budget.items(value.size);
  const items: Value[] = [];
  for (const item of iterate(value, budget)) {
    if (items.length % 1024 === 1023) budget.items(items.length + 1);
    items.push(item);
  }
  return items;
}

/** `item in container`. @throws JinjaError TypeError */
export function contains(container: Value, item: Value, budget: Budget): boolean {
  const text = textOf(container);
  if (text !== null) {
    const part = textOf(item);
    if (item instanceof Undefined || part === null) {
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    return new Needle(part, budget).isIn(text);
  }
  if (container instanceof Dict) return container.has(item, budget);
  if (container instanceof DictView && container.kind === 'keys') return container.dict.has(item, budget);
  if (container instanceof Range && isInt(item)) {
    const offset = BigInt(item) - container.start;
    return offset % container.step === 0n && offset / container.step >= 0n && offset / container.step < BigInt(container.size);
  }
  if (!iteratorOf(container)) throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  for (const each of iterate(container, budget)) if (isSame(each, item, budget)) return true;
  return false;
}

export const isSequence = (value: Value): boolean =>
  textOf(value) !== null || isList(value) || value instanceof Tuple || value instanceof Dict || value instanceof Range;
