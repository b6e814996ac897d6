/** Values that stand for tensors while a graph is built, and the arithmetic of their partly symbolic shapes. */

export type Dtype = 'float32' | 'float16' | 'int32' | 'int64' | 'bool';

/** A size, or a symbol for one known only at run time: `B`, `T`, `P + T`. The symbol `?` fits anything. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** A tensor of the graph: an input, a weight, a constant or the result of a node. */
export interface Value {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: Shape;
}

export const UNKNOWN: Dim = '?';

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;
export const show = (value: Value): string => `${value.dtype} ${showShape(value.shape)}`;

/** Whether two sizes can be the same at run time. A symbol never fits a number: what is symbolic varies between runs. */
export const sameDim = (a: Dim, b: Dim): boolean => a === b || a === UNKNOWN || b === UNKNOWN;
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => sameDim(dim, b[i]!));

/** A size as a sum of products: by symbol (`''` for the plain number, `B * T` for a product) how often it occurs. */
type Terms = Map<string, number>;

function terms(dim: Dim): Terms {
  const result: Terms = new Map();
  for (const term of String(dim).split(' + ')) {
    const factors = term.split(' * ');
    const symbols = factors.filter((factor) => !/^\d+$/.test(factor)).toSorted();
    const count = factors.reduce((product, factor) => (/^\d+$/.test(factor) ? product * Number(factor) : product), 1);
    result.set(symbols.join(' * '), (result.get(symbols.join(' * ')) ?? 0) + count);
  }
  return result;
}

function fromTerms(sum: Terms): Dim {
  const shown = [...sum]
    .filter(([, count]) => count !== 0)
    .map(([symbols, count]) => (symbols === '' ? `${count}` : count === 1 ? symbols : `${count} * ${symbols}`));
  if (shown.length === 0) return 0;
  return shown.length === 1 && sum.has('') && sum.get('') !== 0 ? Number(shown[0]) : shown.join(' + ');
}

/** `a + b`, as in the length of a concatenation. */
export function addDims(a: Dim, b: Dim): Dim {
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  const sum = terms(a);
  for (const [symbols, count] of terms(b)) sum.set(symbols, (sum.get(symbols) ?? 0) + count);
  return fromTerms(sum);
}

/** The product of sizes: `12`, `B * T` or `4 * P + 4 * T`. */
export function multiplyDims(dims: Shape): Dim {
  if (dims.includes(UNKNOWN)) return UNKNOWN;
  return dims.reduce((product, dim) => {
    const result: Terms = new Map();
    for (const [a, countA] of terms(product)) {
      for (const [b, countB] of terms(dim)) {
        const symbols = [a, b]
          .filter(Boolean)
          .flatMap((symbol) => symbol.split(' * '))
          .toSorted()
          .join(' * ');
        result.set(symbols, (result.get(symbols) ?? 0) + countA * countB);
      }
    }
    return fromTerms(result);
  }, 1);
}

/** What is left of the product `dims` once the factors `known` are taken out; `null` where it does not divide. */
export function divideDims(dims: Shape, known: Shape): Dim | null {
  if (dims.includes(UNKNOWN) || known.includes(UNKNOWN)) return UNKNOWN;
  // equal factors cancel first, sums included; what remains to divide by must be a single product
  const left = [...dims];
  const right = known.filter((dim) => {
    const at = left.indexOf(dim);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const divisor = [...terms(multiplyDims(right))];
  const product = terms(multiplyDims(left));
  if (fromTerms(product) === fromTerms(new Map(divisor))) return 1;
  if (divisor.length !== 1) return null;
  const [symbols, count] = divisor[0]!;
  const quotient: Terms = new Map();
  for (const [term, number] of product) {
    const rest = term.split(' * ').filter(Boolean);
    for (const symbol of symbols.split(' * ').filter(Boolean)) {
      const at = rest.indexOf(symbol);
      if (at < 0) return null;
      rest.splice(at, 1);
    }
    if (count === 0 || number % count !== 0) return null;
    quotient.set(rest.join(' * '), number / count);
  }
  return fromTerms(quotient);
}

/** The shape of an elementwise result (numpy broadcasting); `null` where the shapes do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === 1) result.push(right);
    else if (right === 1 || left === right) result.push(left);
    else if (left === UNKNOWN) result.push(right);
    else if (right === UNKNOWN) result.push(left);
    else return null;
  }
  return result;
}
