/** The operators `+ - * / // % **`, unary `+ -` and `~` on Python's values. */
import { notSupported, typeError } from './errors.ts';
import { escape } from './html.ts';
import type { Budget } from './limits.ts';
import type { BinaryOperator } from './nodes.ts';
import { arithmetic, numberOf } from './numbers.ts';
import { formatPercent } from './percent-format.ts';
import { DictView, isInt, isList, isNumber, Markup, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

/** @throws JinjaError TypeError and what else Python raises */
export function binary(operator: BinaryOperator, a: Value, b: Value, budget: Budget): Value {
  if (isNumber(a) && isNumber(b)) return arithmetic(operator, numberOf(a), numberOf(b), budget);
  if (operator === '%' && textOf(a) !== null) return formatPercent(a as string | Markup, b, budget);
  if (a instanceof Undefined) a.fail();
  if (b instanceof Undefined) b.fail();
  if (operator === '+') return add(a, b, budget);
  if (operator === '*') {
    if (isInt(b)) return repeat(a, Number(b), budget) ?? unsupported(operator, a, b);
    if (isInt(a)) return repeat(b, Number(a), budget) ?? unsupported(operator, a, b);
    const sequence =
      textOf(a) !== null || isList(a) || a instanceof Tuple ? b : textOf(b) !== null || isList(b) || b instanceof Tuple ? a : null;
    if (sequence !== null) throw typeError(`can't multiply sequence by non-int of type '${typeName(sequence)}'`);
  }
  return unsupported(operator, a, b);
}

function add(a: Value, b: Value, budget: Budget): Value {
  if (a instanceof Markup || b instanceof Markup) {
    if (textOf(a) === null || textOf(b) === null) return unsupported('+', a, b);
    return new Markup(
      concatenate(
        [a, b].map((part) => escape(part, budget)),
        budget,
      ),
    );
  }
  if (typeof a === 'string') {
    if (typeof b === 'string') return concatenate([a, b], budget);
    throw typeError(`can only concatenate str (not "${typeName(b)}") to str`);
  }
  if (isList(a)) {
    if (!isList(b)) throw typeError(`can only concatenate list (not "${typeName(b)}") to list`);
    budget.items(a.length + b.length);
    return [...a, ...b];
  }
  if (a instanceof Tuple) {
    if (!(b instanceof Tuple)) throw typeError(`can only concatenate tuple (not "${typeName(b)}") to tuple`);
    budget.items(a.size + b.size);
    return new Tuple([...a.items, ...b.items]);
  }
  return unsupported('+', a, b);
}

/** Nothing is copied until it is read. */
export function concatenate(parts: readonly string[], budget: Budget): string {
  let text = '';
  for (const part of parts) text += part;
  budget.grow(text.length);
  return text;
}

/** @returns null where the value is no sequence */
function repeat(value: Value, count: number, budget: Budget): Value | null {
  const times = Math.max(0, count);
  const text = textOf(value);
  if (text !== null) {
    if (text !== '') budget.text(text.length * times);
    const repeated = text === '' ? '' : text.repeat(times);
    return value instanceof Markup ? new Markup(repeated) : repeated;
  }
  const items = isList(value) ? value : value instanceof Tuple ? value.items : null;
  if (!items) return null;
  budget.items(items.length * times);
  const repeated = items.length === 0 ? [] : Array.from({ length: times }, () => items).flat();
  return isList(value) ? repeated : new Tuple(repeated);
}

function unsupported(operator: string, a: Value, b: Value): never {
  if (a instanceof DictView && operator === '-') throw notSupported(`sets, as of ${a.typeName} - …`);
  const name = operator === '**' ? '** or pow()' : operator;
  throw typeError(`unsupported operand type(s) for ${name}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** `+value`, `-value` */
export function unary(operator: '+' | '-', value: Value): Value {
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  const number = numberOf(value);
  return operator === '-' ? -number : number;
}
