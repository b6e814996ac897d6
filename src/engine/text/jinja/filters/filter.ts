/** What a filter is, and the parts that many share. */
import { type Bound, Signature } from '../arguments.ts';
import { notSupported } from '../errors.ts';
import type { Budget } from '../limits.ts';
import { getItem } from '../members.ts';
import { parseInt10 } from '../numbers.ts';
import { print } from '../repr.ts';
import type { Runtime } from '../runtime.ts';
import { isDigits } from '../space.ts';
import { type Arguments, Markup, textOf, Undefined, type Value } from '../values.ts';

export type Filter = (value: Value, args: Arguments, runtime: Runtime) => Value;
export type Filters = Readonly<Record<string, Filter>>;

/** A filter with the parameters of the Python function, after the value. */
export function filter(name: string, parameters: string, work: (value: Value, args: Bound, runtime: Runtime) => Value): Filter {
  const signature = new Signature(name, parameters);
  return (value, args, runtime) => work(value, signature.bind(args), runtime);
}

export const refusedFilter =
  (name: string, why: string): Filter =>
  () => {
    throw notSupported(`the filter ${name}${why}`);
  };

/** A text filter: what is no text is printed first; `Markup` stays it. */
export function textFilter(name: string, parameters: string, work: (text: string, args: Bound, runtime: Runtime) => string): Filter {
  return filter(name, parameters, (value, args, runtime) => {
    const text = print(value, runtime.budget);
    const result = work(text, args, runtime);
    return value instanceof Markup ? new Markup(result) : result;
  });
}

function ignoreCase(value: Value, budget: Budget): Value {
  const text = textOf(value);
  if (text === null) return value;
  budget.each(text.length >> 3);
  return text.toLowerCase();
}
const asIs = (value: Value): Value => value;

export interface Getting {
  readonly postprocess?: (value: Value) => Value;
  /** For what is not there. */
  readonly otherwise?: Value | undefined;
}

/** The value under a path such as `address.city` or `items.0`. */
export function attributeGetter(
  attribute: Value,
  runtime: Runtime,
  { postprocess = asIs, otherwise }: Getting = {},
): (value: Value) => Value {
  const parts = partsOf(attribute, runtime.budget);
  return (start) => {
    let value = start;
    for (const part of parts) {
      runtime.budget.step();
      value = getItem(value, part, runtime);
      if (value instanceof Undefined && otherwise !== undefined && otherwise !== null) value = otherwise;
    }
    return postprocess(value);
  };
}

function partsOf(attribute: Value, budget: Budget): readonly Value[] {
  if (attribute === null) return [];
  const text = textOf(attribute);
  if (text === null) return [attribute];
  budget.each(text.length >> 2);
  return text.split('.').map((part) => (isDigits(part) ? parseInt10(part, 10, budget) : part));
}

/** The values under paths with commas between, as a list to sort by. */
export function attributesGetter(
  attribute: Value,
  runtime: Runtime,
  postprocess: (value: Value) => Value = asIs,
): (value: Value) => readonly Value[] {
  runtime.budget.read(textOf(attribute)?.length ?? 0);
  const paths = textOf(attribute)?.split(',') ?? [attribute];
  const getters = paths.map((path) => attributeGetter(path, runtime, { postprocess }));
  return (value) => getters.map((get) => get(value));
}

/** The attribute parameter, and whether letters count in comparisons. */
export const caseOf = (isCaseSensitive: boolean, budget: Budget) => (isCaseSensitive ? asIs : (value: Value) => ignoreCase(value, budget));
