/** `str()` and `repr()`. */
import { notSupported } from './errors.ts';
import { type Budget, limitExceeded, MAX_NESTING } from './limits.ts';
import { printFloat, printInt } from './numbers.ts';
import { quote } from './text.ts';
import { Dict, isList, Markup, PyObject, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

/** `str()` */
export function print(value: Value, budget: Budget): string {
  const text = textOf(value);
  return text ?? repr(value, budget);
}

/** `repr()`, but an undefined value prints as nothing when it stands alone. */
function repr(value: Value, budget: Budget): string {
  let length = 0;
  const write = (part: string) => {
    length += part.length;
    budget.grow(length);
    budget.read(part.length);
    return part;
  };
  const list = (items: Iterable<string>) => {
    const parts: string[] = [];
    for (const item of items) {
      // What is within is copied at each level.
      budget.read(item.length);
      parts.push(item);
    }
    return parts.join(', ');
  };
  function one(item: Value, depth: number): string {
    budget.step();
    if (depth > MAX_NESTING * 2) throw limitExceeded('a value of lists within lists, too deep to be printed.');
    if (item === null) return write('None');
    switch (typeof item) {
      case 'boolean':
        return write(item ? 'True' : 'False');
      case 'bigint':
        return write(printInt(item));
      case 'number':
        return write(printFloat(item));
      case 'string':
        budget.each(item.length >> 2);
        return write(quote(item));
      default:
    }
    length += 2;
    if (isList(item)) return `[${list(item.map((each) => one(each, depth + 1)))}]`;
    if (item instanceof Tuple) {
      return item.items.length === 1 ? `(${one(item.items[0]!, depth + 1)},)` : `(${list(item.items.map((each) => one(each, depth + 1)))})`;
    }
    if (item instanceof Dict) {
      const pairs = [...item.entries()].map(([key, each]) => `${one(key, depth + 1)}: ${one(each, depth + 1)}`);
      return `{${list(pairs)}}`;
    }
    if (item instanceof Markup) return write(`Markup(${quote(item.text)})`);
    if (item instanceof Undefined) return depth === 0 ? '' : 'Undefined';
    const text = item instanceof PyObject ? item.print((each) => one(each, depth + 1)) : null;
    if (text === null) throw notSupported(`printing a ${typeName(item)}, of which Python prints the address`);
    return write(text);
  }
  return one(value, 0);
}

/** `repr()` as within a list. */
export const reprOf = (value: Value, budget: Budget): string => (value instanceof Undefined ? 'Undefined' : repr(value, budget));
