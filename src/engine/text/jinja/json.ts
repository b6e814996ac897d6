/** Between JSON and Python's values: what comes in with a request, and `json.dumps` as `tojson` of `transformers` calls it. */
import { sorted } from './compare.ts';
import { JinjaError, typeError, valueError } from './errors.ts';
import { type Budget, limitExceeded, MAX_NESTING } from './limits.ts';
import { printFloat, printInt } from './numbers.ts';
import { Dict, isInt, isList, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

/** Deeper than any message. */
const MAX_DEPTH = MAX_NESTING * 5;

/**
 * A value of JavaScript as Python's `json` would have read it. JavaScript has one kind of number: one that it writes without point
 * and exponent is an int.
 */
export function fromJson(value: unknown, budget: Budget, depth = 0): Value {
  if (depth > MAX_DEPTH) throw limitExceeded(`values within one another more than ${MAX_DEPTH} deep.`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return /[.e]/.test(String(value)) || !Number.isFinite(value) ? value : BigInt(value);
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item) => fromJson(item, budget, depth + 1));
      return new Dict(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, fromJson(item, budget, depth + 1)] as const),
        budget,
      );
    default:
      return null;
  }
}

export interface DumpOptions {
  readonly ensureAscii: boolean;
  readonly indent: Value;
  readonly separators: Value;
  readonly sortKeys: boolean;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

function quoteJson(text: string, ensureAscii: boolean): string {
  const escaped = (unit: string) => ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `"${text.replace(ensureAscii ? /["\\]|[^\x20-\x7e]/g : /["\\\x00-\x1f]/g, escaped)}"`;
}

function number(value: bigint | number): string {
  if (typeof value === 'bigint') return printInt(value);
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? printFloat(value) : value > 0 ? 'Infinity' : '-Infinity';
}

/** @throws JinjaError TypeError for what JSON has no form for */
export function dumps(value: Value, { ensureAscii, indent, separators, sortKeys }: DumpOptions, budget: Budget): string {
  const [comma, colon] = separatorsOf(separators, indent !== null);
  const whole = textOf(value);
  // Text alone has no use for an indent, whatever it is.
  const step = whole === null ? indentOf(indent, budget) : null;
  let length = 0;
  const count = (text: string) => {
    length += text.length;
    budget.grow(length);
    budget.each(text.length >> 3);
    return text;
  };
  const atom = (item: Value): string | null => {
    if (item === null) return 'null';
    if (typeof item === 'boolean') return item ? 'true' : 'false';
    if (typeof item === 'bigint' || typeof item === 'number') return number(item);
    const text = textOf(item);
    return text === null ? null : quoteJson(text, ensureAscii);
  };
  const keyText = (key: Value): string => {
    if (typeof key === 'object' && key !== null && textOf(key) === null) {
      throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
    }
    return textOf(key) === null ? quoteJson(atom(key)!, ensureAscii) : atom(key)!;
  };
  function write(item: Value, depth: number): string {
    const text = atom(item);
    if (text !== null) return count(text);
    budget.step();
    if (depth > MAX_DEPTH) throw limitExceeded('a value of lists within lists, too deep for JSON.');
    const items = isList(item) ? item : item instanceof Tuple ? item.items : null;
    if (items)
      return enclose(
        '[',
        items.map((each) => write(each, depth + 1)),
        ']',
        depth,
      );
    if (!(item instanceof Dict))
      throw typeError(`Object of type ${item instanceof Undefined ? 'Undefined' : typeName(item)} is not JSON serializable`);
    budget.items(item.size);
    const entries = sortKeys ? sorted([...item.entries()], ([key]) => key, false, budget) : [...item.entries()];
    return enclose(
      '{',
      entries.map(([key, each]) => count(keyText(key)) + colon + write(each, depth + 1)),
      '}',
      depth,
    );
  }
  function enclose(open: string, parts: readonly string[], close: string, depth: number): string {
    // What is within is copied at each level.
    for (const part of parts) budget.read(part.length);
    if (parts.length === 0 || step === null) return open + parts.join(comma) + close;
    budget.text(length + (step.length * (depth + 1) + 1) * parts.length);
    const line = `\n${step.repeat(depth + 1)}`;
    length += line.length * parts.length;
    return `${open}${line}${parts.join(comma + line)}\n${step.repeat(depth)}${close}`;
  }
  return write(value, 0);
}

function indentOf(indent: Value, budget: Budget): string | null {
  if (indent === null) return null;
  const text = textOf(indent);
  if (text !== null) return text;
  if (!isInt(indent)) throw typeError(`can't multiply sequence by non-int of type '${typeName(indent)}'`);
  budget.text(Math.max(0, Number(indent)));
  return ' '.repeat(Math.max(0, Number(indent)));
}

function separatorsOf(separators: Value, isIndented: boolean): readonly [string, string] {
  if (separators === null) return [isIndented ? ',' : ', ', ': '];
  const text = textOf(separators);
  const items = isList(separators) ? separators : separators instanceof Tuple ? separators.items : text === null ? null : [...text];
  if (!items) throw typeError(`cannot unpack non-iterable ${typeName(separators)} object`);
  if (items.length !== 2) throw valueError(`not enough or too many values to unpack (expected 2, got ${items.length})`);
  const [comma, colon] = items.map(textOf);
  if (comma === null || colon === null) throw new JinjaError('TypeError', 'separators must be strings');
  return [comma!, colon!];
}
