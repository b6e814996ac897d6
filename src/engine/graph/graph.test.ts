/** The builder must refuse what has no meaning, and say where; what it accepts must have the shape it says. */
import { describe, expect, test } from 'vitest';
import { GraphError } from './errors.ts';
import { float16Bits } from './elementwise-ops.ts';
import { Graph } from './graph.ts';
import type { Dim, Dtype } from './value.ts';

function setUp() {
  const g = new Graph('test');
  const ids = g.input('ids', 'int32', ['B', 'T']);
  g.defineSymbol('B', ids, 0);
  g.defineSymbol('T', ids, 1);
  const value = (shape: Dim[], dtype: Dtype = 'float32') => g.input(`x${g.inputs.length}`, dtype, shape);
  return { g, ids, value };
}

describe('a wrong shape or dtype is a GraphError', () => {
  const { g, value } = setUp();
  const x = value(['B', 'T', 64]);
  test.each<[string, () => unknown, RegExp]>([
    ['matmul', () => g.matmul(x, value([32, 8])), /matmul.*\[B, T, 64\].*\[32, 8\]/],
    ['add', () => g.add(x, value(['B', 'S', 64])), /add.*broadcast.*\[B, S, 64\]/],
    ['dtypes', () => g.add(x, value([64], 'int32')), /g\.cast/],
    ['linear', () => g.linear(x, { weight: value([8, 32]), bias: null }), /linear.*32.*\[B, T, 64\]/],
    ['bias', () => g.linear(x, { weight: value([8, 64]), bias: value([9]) }), /bias.*\[8\].*\[9\]/],
    ['reshape', () => g.reshape(x, ['B', 'T', 5, 13]), /reshape.*\[B, T, 64\].*\[B, T, 5, 13\]/],
    ['reshape to a size that the inputs do not tell', () => g.reshape(value(['P', 'Q']), ['Q', 'P']), /reshape.*B, T/],
    ['transpose', () => g.transpose(x, [0, 2]), /transpose.*permutation/],
    ['axis', () => g.softmax(x, 3), /softmax.*axis/],
    ['concat', () => g.concat([x, value(['B', 'T', 32])], 1), /concat/],
    ['split', () => g.split(x, [32, 16], 2), /32 \+ 16 = 48/],
    ['gather', () => g.gather(x, value([3])), /int32 or int64/],
    ['norm', () => g.rmsNorm(x, value([32]), 1e-5), /rmsNorm.*\[64\].*\[32\]/],
    ['where', () => g.where(x, 0, x), /bool/],
    ['repeat', () => g.repeat(x, 1, 2), /known size/],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(GraphError);
    expect(build).toThrow(message);
  });

  test('names the place in the model', () => {
    const build = () => g.scope('layers.3', () => g.scope('attention', () => g.matmul(x, x)));
    expect(build).toThrow(/^matmul in layers\.3\/attention: expected .*, got float32 \[B, T, 64\] and float32 \[B, T, 64\]\.$/);
    expect(g.place).toBe('');
  });
});

describe('shapes', () => {
  const { g, value } = setUp();
  const x = value(['B', 'T', 64]);
  test.each<[string, () => { shape: readonly Dim[] }, Dim[]]>([
    ['heads', () => g.reshape(x, ['B', 'T', 4, 16]), ['B', 'T', 4, 16]],
    ['rows', () => g.reshape(x, [-1, 64]), ['B * T', 64]],
    ['rows back', () => g.reshape(g.reshape(x, [-1, 64]), ['B', 'T', 64]), ['B', 'T', 64]],
    ['linear keeps leading axes', () => g.linear(x, { weight: value([8, 64]), bias: value([8]) }), ['B', 'T', 8]],
    ['matmul broadcasts', () => g.matmul(value(['B', 4, 'T', 16]), value(['B', 1, 16, 'S'])), ['B', 4, 'T', 'S']],
    ['concat adds', () => g.concat([value(['B', 'P']), value(['B', 'T'])], 1), ['B', 'P + T']],
    ['gather', () => g.gather(value([100, 64]), value(['N'], 'int32')), ['N', 64]],
    ['slice', () => g.slice(x, -1, -16), ['B', 'T', 16]],
    ['repeat', () => g.repeat(value(['B', 2, 'S', 8]), 1, 3), ['B', 6, 'S', 8]],
    ['comparison', () => g.less(value([1, 'P'], 'int32'), value(['B', 1], 'int32')), ['B', 'P']],
  ])('%s', (_, build, shape) => expect(build().shape).toEqual(shape));
});

test('a number takes the dtype of the other side', () => {
  const half = new Graph('half', 'float16');
  expect(half.mul(half.input('x', 'float16', [2]), 0.5).dtype).toBe('float16');
  expect(half.less(half.input('i', 'int32', [2]), 3).dtype).toBe('bool');
});

test('the same constant is stored once', () => {
  const { g, value } = setUp();
  const a = g.mul(value([2]), 0.5);
  g.mul(a, 0.5);
  expect(new Set(g.nodes.map(({ inputs }) => inputs[1])).size).toBe(1);
});

test.each([
  [0, 0],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65520, 0x7c00],
  [2 ** -24, 1],
  [2 ** -14, 0x0400],
  [0.1, 0x2e66],
  [Number.POSITIVE_INFINITY, 0x7c00],
])('half of %f', (value, bits) => expect(float16Bits(value)).toBe(bits));
