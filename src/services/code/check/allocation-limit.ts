/** Counts what a candidate allocates in buffers and long lists, and refuses what is too much, at the line that asks for it. Only for a worker that is thrown away. */

/** Bytes that a candidate may allocate, all together: a fragment needs a few small tables. */
export const ALLOCATION_LIMIT = 256 * 2 ** 20;
/** What a place in a list takes, at least. */
const BYTES_PER_PLACE = 8;

type Constructor = new (...args: unknown[]) => object;

/**
 * Replaces the constructors of the worker's global scope by ones that count.
 * A list that grows item by item is not seen here: the time limit ends that.
 * @returns begins to count anew, for the next candidate
 */
export function limitAllocations(scope: Record<string, unknown>, limit = ALLOCATION_LIMIT): () => void {
  let allocated = 0;
  const take = (bytes: number) => {
    if (Number.isFinite(bytes) && bytes > 0) allocated += bytes;
    if (allocated > limit)
      throw new RangeError(`Allocates ${Math.round(allocated / 2 ** 20)} MiB; a candidate may allocate ${limit / 2 ** 20} MiB in all.`);
  };

  const count = (name: string, bytesOf: (args: unknown[]) => number) => {
    const original = scope[name] as (Constructor & { prototype: { constructor: unknown } }) | undefined;
    if (typeof original !== 'function') return;
    const counting = new Proxy(original, {
      construct(target, args: unknown[], newTarget) {
        take(bytesOf(args));
        return Reflect.construct(target, args, newTarget) as object;
      },
      apply(target, self, args: unknown[]) {
        take(bytesOf(args));
        return Reflect.apply(target as unknown as (...all: unknown[]) => unknown, self, args);
      },
    });
    scope[name] = counting;
    original.prototype.constructor = counting;
  };

  for (const name of ['ArrayBuffer', 'SharedArrayBuffer']) count(name, ([length]) => Number(length));
  const typed = Object.getOwnPropertyNames(scope).filter((name) => /^(Big)?(Int|Uint|Float)\d+(Clamped)?Array$/.test(name));
  for (const name of typed) {
    const size = (scope[name] as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    count(name, ([first]) => size * (typeof first === 'number' ? first : isList(first) ? first.length : 0));
  }
  count('Array', (args) => (args.length === 1 && typeof args[0] === 'number' ? BYTES_PER_PLACE * args[0] : 0));

  const { from } = Array;
  Array.from = ((source: unknown, ...rest: unknown[]) => {
    if (isList(source)) take(BYTES_PER_PLACE * source.length);
    return Reflect.apply(from, Array, [source, ...rest]);
  }) as typeof Array.from;
  // oxlint-disable-next-line typescript/unbound-method -- called on the text that it is called on
  const { repeat } = String.prototype;
  // oxlint-disable-next-line no-extend-native -- of a worker that is thrown away
  String.prototype.repeat = function (this: string, times: number) {
    take(this.length * times);
    return Reflect.apply(repeat, this, [times]);
  };
  return () => {
    allocated = 0;
  };
}

/** A list whose length is known; a buffer that is only viewed has none. */
const isList = (value: unknown): value is { length: number } =>
  typeof value === 'object' && value !== null && 'length' in value && typeof value.length === 'number';
