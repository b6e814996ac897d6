/** From what a caller asks of taps to what the runner is given: selections, values of every form, and what does not fit. */
import { describe, expect, it, test } from 'vitest';
import { hookPoints, parseConfig } from '../../engine/graph/index.ts';
import type { ParsedInput } from '../../contract/index.ts';
import { resolveTaps } from './taps.ts';

type Requested = ParsedInput<'model', 'forward'>['taps'][number];

const config = parseConfig({
  model_type: 'llama',
  vocab_size: 32,
  hidden_size: 6,
  intermediate_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 2,
});
const points = hookPoints(config);
const ROWS = [
  [1, 2, 3],
  [4, 5],
];

/** What becomes of ones. */
function applied(taps: Requested[], rows: number[][] = ROWS): Record<string, number[]> {
  return Object.fromEntries(
    resolveTaps(taps, rows, points).map((tap) => {
      const { scale, offset } = tap.change();
      return [`${tap.row} ${tap.hookPoint}`, Array.from(scale, (factor, i) => factor + offset[i]!)];
    }),
  );
}

const captured = (shape: number[], first = 100) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i),
});

describe('selections', () => {
  it('take everything unless something is chosen', () => {
    const result = applied([{ hook_point: 'layers.*.attn_out', op: 'ablate' }]);
    expect(Object.keys(result)).toEqual(['0 layers.0.attn_out', '1 layers.0.attn_out', '0 layers.1.attn_out', '1 layers.1.attn_out']);
    expect(result['0 layers.0.attn_out']).toEqual(Array<number>(18).fill(0));
    expect(result['1 layers.1.attn_out']).toEqual(Array<number>(12).fill(0));
  });

  it('count tokens from the end of each sequence', () => {
    const result = applied([{ hook_point: 'hidden_states.0', op: 'ablate', tokens: [-1] }]);
    expect(result['0 hidden_states.0']).toEqual([...Array<number>(12).fill(1), ...Array<number>(6).fill(0)]);
    expect(result['1 hidden_states.0']).toEqual([...Array<number>(6).fill(1), ...Array<number>(6).fill(0)]);
  });

  it('choose heads', () => {
    const result = applied([{ hook_point: 'layers.0.k', op: 'ablate', sequences: [1], tokens: [0], heads: [1] }]);
    expect(result).toEqual({ '1 layers.0.k': [1, 1, 0, 0, 1, 1, 1, 1] });
  });
});

describe('operations', () => {
  it('apply in their order', () => {
    const at = { hook_point: 'hidden_states.0', sequences: [1], tokens: [0] };
    const first = (...taps: Requested[]) => applied(taps)['1 hidden_states.0']![0];
    const add: Requested = { ...at, op: 'add', value: 2 };
    const scale: Requested = { ...at, op: 'scale', value: 3 };
    expect(first(add, scale)).toBe(9);
    expect(first(scale, add)).toBe(5);
    expect(first(add, { ...at, op: 'replace', value: -1 }, scale)).toBe(-3);
    expect(first({ ...at, op: 'ablate' }, add)).toBe(2);
  });
});

describe('values', () => {
  const replace = (value: Extract<Requested, { op: 'add' }>['value'], more: object = {}) =>
    applied([{ hook_point: 'layers.0.k', op: 'replace', sequences: [1], value, ...more }])['1 layers.0.k'];

  it('may be a vector of the width', () => expect(replace([5, 6])).toEqual([5, 6, 5, 6, 5, 6, 5, 6]));

  it('are taken at the same place from a capture of the batch, padding and all', () => {
    expect(replace(captured([2, 3, 2, 2]))).toEqual([112, 113, 114, 115, 116, 117, 118, 119]);
    expect(replace(captured([2, 3, 2, 2]), { tokens: [-1], heads: [0] })).toEqual([1, 1, 1, 1, 116, 117, 1, 1]);
  });

  it('are taken in order where there are as many as places', () => {
    expect(replace(captured([2, 1, 2]), { tokens: [1, 0], heads: [1] })).toEqual([1, 1, 102, 103, 1, 1, 100, 101]);
  });

  it('may come as JSON', () => {
    expect(replace({ dtype: 'float32', shape: [2, 1], data: [7, 8] })).toEqual([7, 7, 8, 8, 7, 7, 8, 8]);
    expect(replace({ dtype: 'int32', shape: [2], data: 'BwAAAAgAAAA=' })).toEqual([7, 8, 7, 8, 7, 8, 7, 8]);
  });
});

test.each<[string, Partial<Requested> & object, string, string]>([
  ['an attention map', { hook_point: 'attentions.1' }, 'validation_failed', '/taps/0/hook_point'],
  ['a pattern that holds attention maps', { hook_point: '*.1' }, 'validation_failed', '/taps/0/hook_point'],
  ['an unknown hook point', { hook_point: 'layers.7.q' }, 'not_found', '/taps/0/hook_point'],
  ['a sequence too many', { sequences: [2] }, 'validation_failed', '/taps/0/sequences'],
  ['a token that one sequence does not have', { tokens: [2] }, 'validation_failed', '/taps/0/tokens'],
  ['heads where there are none', { heads: [0] }, 'validation_failed', '/taps/0/heads'],
  ['a query head of the keys', { hook_point: 'layers.0.k', heads: [2] }, 'validation_failed', '/taps/0/heads'],
  ['a vector of another width', { op: 'add', value: [1, 2] }, 'validation_failed', '/taps/0/value'],
  ['a tensor with an axis too many', { op: 'add', value: captured([2, 1, 1, 6]) }, 'validation_failed', '/taps/0/value'],
  [
    'a tensor whose numbers do not fill it',
    { op: 'add', value: { dtype: 'float32', shape: [6], data: [1] } },
    'validation_failed',
    '/taps/0/value',
  ],
])('%s is refused by name', (_, tap, code, path) => {
  const requested = { hook_point: 'hidden_states.0', op: 'ablate', ...tap } as Requested;
  expect(() => resolveTaps([requested], ROWS, points)).toThrow(
    expect.objectContaining({ code, errors: [expect.objectContaining({ path })] }),
  );
});

it('an opaque model has nothing to tap', () => {
  expect(() => resolveTaps([{ hook_point: 'hidden_states.0', op: 'ablate' }], ROWS, [])).toThrow(
    expect.objectContaining({ code: 'not_found' }),
  );
});
