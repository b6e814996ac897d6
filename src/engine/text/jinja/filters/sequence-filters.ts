/** Filters over lists, dictionaries and other sequences. */
import { toIndex, toText } from '../arguments.ts';
import { equals, ordered, sorted } from '../compare.ts';
import { JinjaError, typeError } from '../errors.ts';
import { getAttribute, hasAttribute } from '../members.ts';
import { binary } from '../operators.ts';
import type { Runtime } from '../runtime.ts';
import { isTrue, iterate, iteratorOf, lengthOf, toList } from '../sequences.ts';
import { slice } from '../slices.ts';
import {
  type Arguments,
  Dict,
  DictView,
  Group,
  isList,
  Iter,
  keyOf,
  Range,
  textOf,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from '../values.ts';
import { attributeGetter, attributesGetter, caseOf, type Filter, filter, type Filters, refusedFilter } from './filter.ts';

const flag = (value: Value | undefined, otherwise = false) => (value === undefined ? otherwise : isTrue(value));

/** A flag that Python's `sorted` takes as an int. */
const isSet = (value: Value | undefined) => value !== undefined && toIndex(value) !== 0;

/** Items from the end; null where Python's `reversed` refuses. */
function reversedOf(value: Value, runtime: Runtime): Value[] | null {
  const isReversible =
    isList(value) ||
    textOf(value) !== null ||
    value instanceof Tuple ||
    value instanceof Dict ||
    value instanceof DictView ||
    value instanceof Range ||
    value instanceof Undefined;
  return isReversible ? toList(value, runtime.budget).reverse() : null;
}

const last: Filter = filter('last', '', (value, _, runtime) => {
  const items = reversedOf(value, runtime);
  if (!items) throw typeError(`'${typeName(value)}' object is not reversible`);
  return items.length > 0 ? items[0]! : new Undefined('No last item, sequence was empty.');
});

const first: Filter = filter('first', '', (value) => {
  const iterator = iteratorOf(value);
  if (!iterator) throw typeError(`'${typeName(value)}' object is not iterable`);
  const next = iterator.next();
  return next.done ? new Undefined('No first item, sequence was empty.') : next.value;
});

const reverse: Filter = filter('reverse', '', (value, _, runtime) => {
  if (textOf(value) !== null) return slice(value, { start: null, stop: null, step: -1n }, runtime.budget);
  const items = reversedOf(value, runtime);
  if (items) return new Iter(items.values(), isList(value) ? 'list_reverseiterator' : 'reversed');
  if (!iteratorOf(value)) throw new JinjaError('FilterArgumentError', 'argument must be iterable');
  return toList(value, runtime.budget).reverse();
});

function extreme(name: 'min' | 'max'): Filter {
  return filter(name, 'case_sensitive= attribute=', (value, [caseSensitive, attribute], runtime) => {
    const key = attributeGetter(attribute ?? null, runtime, { postprocess: caseOf(flag(caseSensitive), runtime.budget) });
    let best: { item: Value; key: Value } | null = null;
    for (const item of iterate(value, runtime.budget)) {
      const own = key(item);
      if (best === null || ordered(name === 'min' ? '<' : '>', own, best.key, runtime.budget)) best = { item, key: own };
    }
    return best ? best.item : new Undefined('No aggregated item, sequence was empty.');
  });
}

const sort: Filter = filter('sort', 'reverse= case_sensitive= attribute=', (value, [isReversed, caseSensitive, attribute], runtime) => {
  const key = attributesGetter(attribute ?? null, runtime, caseOf(flag(caseSensitive), runtime.budget));
  return sorted(toList(value, runtime.budget), key, isSet(isReversed), runtime.budget);
});

const dictSort: Filter = filter(
  'dictsort',
  'case_sensitive= by= reverse=',
  (value, [caseSensitive, by = 'key', isReversed], { budget }) => {
    if (by !== 'key' && by !== 'value') throw new JinjaError('FilterArgumentError', 'You can only sort by either "key" or "value"');
    if (!(value instanceof Dict)) throw new JinjaError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
    const cased = caseOf(flag(caseSensitive), budget);
    budget.items(value.size);
    const entries = sorted([...value.entries()], (entry) => cased(entry[by === 'key' ? 0 : 1]), isSet(isReversed), budget);
    return entries.map((entry) => new Tuple(entry));
  },
);

const unique: Filter = filter('unique', 'case_sensitive= attribute=', (value, [caseSensitive, attribute], runtime) => {
  const key = attributeGetter(attribute ?? null, runtime, { postprocess: caseOf(flag(caseSensitive), runtime.budget) });
  function* items() {
    const seen = new Set<unknown>();
    for (const item of iterate(value, runtime.budget)) {
      const own = keyOf(key(item), runtime.budget);
      if (seen.has(own)) continue;
      seen.add(own);
      yield item;
    }
  }
  return new Iter(items());
});

const groupBy: Filter = filter('groupby', 'attribute default= case_sensitive=', (value, [attribute, otherwise, caseSensitive], runtime) => {
  const { budget } = runtime;
  const isSensitive = flag(caseSensitive);
  const key = attributeGetter(attribute!, runtime, { postprocess: caseOf(isSensitive, budget), otherwise });
  const own = isSensitive ? key : attributeGetter(attribute!, runtime, { otherwise });
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(toList(value, budget), key, false, budget)) {
    const itemKey = key(item);
    const group = groups.at(-1);
    if (group && equals(group.key, itemKey, budget)) group.items.push(item);
    else groups.push({ key: itemKey, items: [item] });
  }
  return groups.map(({ items }) => new Group([own(items[0]!), items]));
});

const sum: Filter = filter('sum', 'attribute= start=', (value, [attribute, start = 0n], runtime) => {
  if (textOf(start) !== null) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  const get = attribute === undefined || attribute === null ? null : attributeGetter(attribute, runtime);
  let total = start;
  for (const item of iterate(value, runtime.budget)) total = binary('+', total, get ? get(item) : item, runtime.budget);
  return total;
});

const batch: Filter = filter('batch', 'linecount fill_with=', (value, [size, fill], runtime) => {
  function* rows(): Generator<Value> {
    let row: Value[] = [];
    for (const item of iterate(value, runtime.budget)) {
      if (equals(BigInt(row.length), size!, runtime.budget)) {
        yield row;
        row = [];
      }
      row.push(item);
    }
    if (row.length === 0) return;
    if (fill !== undefined && fill !== null && ordered('<', BigInt(row.length), size!, runtime.budget)) {
      const missing = toIndex(size!) - row.length;
      runtime.budget.items(missing);
      row = [...row, ...Array.from({ length: missing }, () => fill)];
    }
    yield row;
  }
  return new Iter(rows());
});

const slices: Filter = filter('slice', 'slices fill_with=', (value, [count, fill], runtime) => {
  function* columns(): Generator<Value> {
    const items = toList(value, runtime.budget);
    const columnCount = toIndex(count!);
    if (columnCount === 0) throw new JinjaError('ZeroDivisionError', 'integer division or modulo by zero');
    runtime.budget.items(Math.max(0, columnCount));
    const each = Math.floor(items.length / columnCount);
    const extra = items.length - each * columnCount;
    let offset = 0;
    for (let index = 0; index < columnCount; index++) {
      const start = offset + index * each;
      if (index < extra) offset++;
      const column = items.slice(start, offset + (index + 1) * each);
      if (fill !== undefined && fill !== null && index >= extra) column.push(fill);
      yield column;
    }
  }
  return new Iter(columns());
});

const items: Filter = filter('items', '', (value, _, runtime) => {
  function* pairs(): Generator<Value> {
    if (value instanceof Undefined) return;
    if (!(value instanceof Dict)) throw typeError('Can only get item pairs from a mapping.');
    yield* iterate(new DictView('items', value), runtime.budget);
  }
  return new Iter(pairs());
});

const map: Filter = (value, args, runtime) => {
  function* mapped(): Generator<Value> {
    if (!isTrue(value)) return;
    const work = mapping(args, runtime);
    for (const item of iterate(value, runtime.budget)) yield work(item);
  }
  return new Iter(mapped());
};

function mapping({ positional, named }: Arguments, runtime: Runtime): (item: Value) => Value {
  const attribute = named.get('attribute');
  if (positional.length === 0 && attribute !== undefined) {
    const other = [...named.keys()].find((name) => name !== 'attribute' && name !== 'default');
    if (other !== undefined) throw new JinjaError('FilterArgumentError', `Unexpected keyword argument '${other}'`);
    return attributeGetter(attribute, runtime, { otherwise: named.get('default') });
  }
  const [name, ...rest] = positional;
  if (name === undefined) throw new JinjaError('FilterArgumentError', 'map requires a filter argument');
  const filterName = toText(name, 'the name of a filter');
  return (item) => runtime.filter(filterName, item, { positional: rest, named });
}

/** `select`, `reject` and those of an attribute. */
function choosing(isKept: boolean, byAttribute: boolean): Filter {
  return (value, args, runtime) => {
    function* chosen(): Generator<Value> {
      if (!isTrue(value)) return;
      const test = choice(args, byAttribute, runtime);
      for (const item of iterate(value, runtime.budget)) if (test(item) === isKept) yield item;
    }
    return new Iter(chosen());
  };
}

function choice({ positional, named }: Arguments, byAttribute: boolean, runtime: Runtime): (item: Value) => boolean {
  if (byAttribute && positional.length === 0) throw new JinjaError('FilterArgumentError', 'Missing parameter for attribute name');
  const get = byAttribute ? attributeGetter(positional[0]!, runtime) : (item: Value) => item;
  const [name, ...rest] = positional.slice(byAttribute ? 1 : 0);
  if (name === undefined) return (item) => isTrue(get(item));
  const testName = toText(name, 'the name of a test');
  return (item) => runtime.test(testName, get(item), { positional: rest, named });
}

const attr: Filter = filter('attr', 'name', (value, [name], runtime) => {
  const attribute = toText(name!, 'attribute name');
  if (!(value instanceof Undefined) && !hasAttribute(value, attribute, runtime)) {
    const found = getAttribute(null, attribute, runtime);
    return found instanceof Undefined ? new Undefined(`'${typeName(value)} object' has no attribute '${attribute}'`) : found;
  }
  return getAttribute(value, attribute, runtime);
});

const length: Filter = filter('length', '', (value, _, { budget }) => {
  const text = textOf(value);
  if (text !== null) budget.text(text.length);
  return BigInt(lengthOf(value));
});

export const SEQUENCE_FILTERS: Filters = {
  length,
  count: length,
  list: filter('list', '', (value, _, { budget }) => toList(value, budget)),
  first,
  last,
  reverse,
  min: extreme('min'),
  max: extreme('max'),
  sort,
  dictsort: dictSort,
  unique,
  groupby: groupBy,
  sum,
  batch,
  slice: slices,
  items,
  map,
  select: choosing(true, false),
  reject: choosing(false, false),
  selectattr: choosing(true, true),
  rejectattr: choosing(false, true),
  attr,
  random: refusedFilter('random', ', which gives another value each time'),
};
