/** Bindings with poison behind them: what lies where, and what counts as touched. */
import { expect, test } from 'vitest';
import { ALL_POISONED, firstDifference, isOverwritten, padded, PADDING_BYTES, POISONS } from './overruns.ts';

const BINDINGS = { inputs: [Float32Array.of(1, 2), Int32Array.of(7)], outputs: [{ dtype: 'float32' as const, length: 3 }] };
const words = (values: Float32Array | Int32Array) => new Uint32Array(values.buffer);

test('what is the kernel’s stays, what lies behind it is poison', () => {
  const { inputs, outputs } = padded(BINDINGS, POISONS[0], ALL_POISONED);
  expect(Array.from(inputs[0]!.subarray(0, 2))).toEqual([1, 2]);
  expect(inputs[1]).toBeInstanceOf(Int32Array);
  for (const [i, input] of inputs.entries()) {
    const { length } = BINDINGS.inputs[i]!;
    expect(input.length).toBe(length + PADDING_BYTES / 4);
    expect(new Set(words(input).subarray(length))).toEqual(new Set([POISONS[0]]));
  }
  expect(new Set(words(outputs[0]!.initial))).toEqual(new Set([POISONS[0]]));
  const kept = padded(BINDINGS, POISONS[0], { padding: (binding) => binding === 2, outputs: () => false });
  expect(Array.from(kept.outputs[0]!.initial.subarray(0, 3))).toEqual([0, 0, 0]);
  expect(new Set(words(kept.inputs[0]!).subarray(2))).toEqual(new Set([0]));
});

test('a word written behind an output is seen, and so is the first value that differs', () => {
  const { initial } = padded(BINDINGS, POISONS[1], ALL_POISONED).outputs[0]!;
  expect(isOverwritten(initial, 3, POISONS[1])).toBe(false);
  initial[2] = 1;
  expect(isOverwritten(initial, 3, POISONS[1])).toBe(false);
  initial[9] = 0;
  expect(isOverwritten(initial, 3, POISONS[1])).toBe(true);
  const [a, b] = [Float32Array.of(1, 2, Number.NaN), Float32Array.of(1.0001, 2, Number.NaN)];
  expect(firstDifference(a, b, 3, 1e-3)).toBe(-1);
  expect(firstDifference(a, b, 3, 1e-6)).toBe(0);
  expect(firstDifference(a, Float32Array.of(1, 2, 3), 3, 1)).toBe(2);
});
