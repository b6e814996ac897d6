/** Whatever a script prints becomes JSON of bounded size. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import { shown } from './shown-value.ts';

class Probe {
  readonly #hidden = 1;
  get hidden(): number {
    return this.#hidden;
  }
}
const loop: { a: { back?: unknown } } = { a: {} };
loop.a.back = loop;

test.each<[what: string, value: unknown, expected: unknown]>([
  ['plain values', { a: [1, 'x', true, null] }, { a: [1, 'x', true, null] }],
  ['numbers outside JSON', [Number.NaN, -Infinity, -0], [{ $type: 'number', text: 'NaN' }, { $type: 'number', text: '-Infinity' }, 0]],
  ['undefined', undefined, { $type: 'undefined' }],
  ['a bigint', 12n, { $type: 'bigint', text: '12' }],
  ['a function', function named() {}, { $type: 'function', text: 'named' }],
  ['a typed array', new Int32Array([1, 2, 3]), { $type: 'tensor', dtype: 'int32', shape: [3], head: [1, 2, 3], min: 1, max: 3, mean: 2 }],
  ['an empty one', new Float32Array(), { $type: 'tensor', dtype: 'float32', shape: [0], head: [] }],
  [
    'a tensor',
    { dtype: 'float32', shape: [2, 1], data: new Float32Array([0.1, 0.2]) },
    { $type: 'tensor', dtype: 'float32', shape: [2, 1], head: [0.1, 0.2], min: 0.1, max: 0.2, mean: 0.15 },
  ],
  [
    'a tensor that came as JSON',
    { dtype: 'int32', shape: [2], data: [3, 4] },
    { $type: 'tensor', dtype: 'int32', shape: [2], head: [3, 4], min: 3, max: 4, mean: 3.5 },
  ],
  ['what only looks like a tensor', { dtype: 'int32', shape: [3], data: [1] }, { dtype: 'int32', shape: [3], data: [1] }],
  ['a cycle', loop, { a: { back: { $type: 'cycle' } } }],
  ['the same object twice', [loop.a, loop.a].map(() => ({ b: 1 })), [{ b: 1 }, { b: 1 }]],
  ['a map', new Map([['a', 1]]), { $type: 'map', size: 1, entries: [['a', 1]] }],
  ['a set', new Set([1]), { $type: 'set', size: 1, values: [1] }],
  ['a date', new Date(0), { $type: 'date', text: '1970-01-01T00:00:00.000Z' }],
  ['a problem', new ApiError('queue_full', 'No place.'), { $type: 'error', name: 'ApiError', message: 'No place.', code: 'queue_full' }],
  ['a promise that was not awaited', Promise.resolve(1), { $type: 'promise', text: 'a promise; `await` gives its value' }],
  ['an object that shows nothing', new Probe(), { $type: 'object', text: 'Probe' }],
])('%s', (_, value, expected) => expect(shown(value)).toEqual(expected));

test('long lists and deep trees are cut and say so', () => {
  const list = shown(Array.from({ length: 3000 }, (_, i) => i)) as unknown[];
  expect(list).toHaveLength(501);
  expect(list.at(-1)).toEqual({ $type: 'more', count: 2500 });
  let deep: unknown = 1;
  for (let i = 0; i < 50; i++) deep = [deep];
  expect(JSON.stringify(shown(deep))).toContain('a list of 1');
  expect((shown('x'.repeat(50_000)) as string).length).toBeLessThan(20_100);
});

test('a getter that throws is told, not thrown', () => {
  const value = Object.defineProperty({}, 'a', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  expect(shown(value)).toMatchObject({ a: { $type: 'error' } });
});

test('anything becomes JSON that survives the way, of bounded size', () => {
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withSparseArray: true,
        maxDepth: 6,
      }),
      (value) => {
        const plain = shown(value);
        const text = JSON.stringify(plain);
        expect(JSON.parse(text)).toEqual(plain);
        expect(structuredClone(plain)).toEqual(plain);
      },
    ),
  );
});
