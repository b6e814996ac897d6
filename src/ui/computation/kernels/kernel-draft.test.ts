/** From the form of a kernel to what is sent. */
import { expect, test } from 'vitest';
import { ApiError } from '../../../contract/index.ts';
import type { Kernel } from '../queries.ts';
import { draftOf, inputOf } from './kernel-draft.ts';

const port = (name: string, shape: string[]) => ({ name, shape, dtypes: ['float32' as const], description: '' });
const size = (name: string, minimum = 1) => ({ name, description: '', minimum, maximum: 100 });
const kernel = {
  id: 'k',
  inputs: [port('x', ['rows', '2 * half']), port('past', ['rows', 'past'])],
  sizes: [size('rows'), size('half'), size('past', 0)],
  parameters: [{ name: 'eps', description: '', default: 0.5, minimum: 0, maximum: null }],
  example_input: { x: { dtype: 'float32', shape: [1, 4], data: Float32Array.from([0.123456, 1, 2, 3]) } },
} as unknown as Kernel;

test('begins with the sizes that the example has', () => {
  const draft = draftOf(kernel);
  expect(draft.sizes).toEqual({ rows: 1, half: null, past: null });
  expect(draft.inputs).toBe('{\n  "x": {\n    "dtype": "float32",\n    "shape": [1, 4],\n    "data": [0.1235, 1, 2, 3]\n  }\n}');
});

test('drawn inputs: sizes that are given, none of nothing', () => {
  const draft = { ...draftOf(kernel), sizes: { rows: 2, half: 3, past: 0 }, seed: 7 };
  expect(inputOf(kernel, draft)).toEqual({
    kernel: 'k',
    sizes: { rows: 2, half: 3 },
    parameters: { eps: 0.5 },
    check_reference: true,
    seed: 7,
  });
});

test('nothing of what must be something is sent, to be refused', () =>
  expect(inputOf(kernel, { ...draftOf(kernel), sizes: { rows: 0 } }).sizes).toEqual({ rows: 0 }));

test('own inputs: their shapes tell the sizes, the form only those that no shape tells', () => {
  const draft = { ...draftOf(kernel), from: 'own' as const, sizes: { rows: 9, half: 2, past: 4 }, inputs: '{"x": {}}' };
  expect(inputOf(kernel, draft)).toEqual({
    kernel: 'k',
    sizes: { half: 2 },
    parameters: { eps: 0.5 },
    check_reference: true,
    inputs: { x: {} },
  });
});

test.each(['{', '[]', 'null'])('inputs that are no object of tensors are refused: %s', (inputs) => {
  const attempt = () => inputOf(kernel, { ...draftOf(kernel), from: 'own', inputs });
  expect(attempt).toThrow(ApiError);
  expect(attempt).toThrow(/^inputs must be /);
});
