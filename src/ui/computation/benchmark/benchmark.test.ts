/** From the form of a benchmark to what is asked, and from its results to what is read off them. */
import { describe, expect, test } from 'vitest';
import type { KernelSummary, Plan } from '../queries.ts';
import { EMPTY, inputOf, presetsOf, resultsOf, sharedSizes } from './benchmark-draft.ts';
import { type BenchmarkResult, commonOf, comparisonsOf, metricsOf, notesOf, plotOf, tableOf } from './results.ts';

const kernel = (id: string, names: string[], kind: KernelSummary['kind'] = 'attention') =>
  ({ id, kind, available: true, sizes: names.map((name) => ({ name, description: '', minimum: 1, maximum: 9 })) }) as KernelSummary;
const KNOWN = [
  kernel('naive', ['batch', 'tokens']),
  kernel('flash_attention', ['batch', 'tokens']),
  kernel('wgsl.rope', ['tokens', 'half'], 'wgsl'),
];

describe('what is asked', () => {
  test('only sizes that all subjects share can be varied', () => {
    expect(sharedSizes({ ...EMPTY, kernels: ['naive', 'flash_attention'] }, KNOWN)).toEqual(['batch', 'tokens']);
    expect(sharedSizes({ ...EMPTY, kernels: ['naive', 'wgsl.rope'] }, KNOWN)).toEqual(['tokens']);
    expect(sharedSizes({ ...EMPTY, kernels: ['naive'], plans: ['default'] }, KNOWN)).toEqual([]);
    expect(sharedSizes({ ...EMPTY, plans: ['default'] }, KNOWN)).toEqual(['batch_size', 'seq_len', 'decode_tokens']);
  });

  test('swept sizes take the same value, the others stay, and each value is measured once', () => {
    const draft = { ...EMPTY, kernels: ['naive'], swept: ['tokens', 'gone'], values: '8, 16 8', fixed: { batch: 2, tokens: 5, half: 3 } };
    const input = inputOf(draft, ['batch', 'tokens']);
    expect(input.sizes).toEqual([
      { batch: 2, tokens: 8 },
      { batch: 2, tokens: 16 },
    ]);
    expect(resultsOf(input)).toBe(2);
  });

  test('without a size each subject has its own', () => {
    const input = inputOf({ ...EMPTY, kernels: ['naive', 'wgsl.rope'] }, []);
    expect(input.sizes).toEqual([]);
    expect(resultsOf(input)).toBe(2);
  });

  test.each(['', '8, x', '1.5', '0'])('values that are no sizes are refused: %j', (values) => {
    expect(() => inputOf({ ...EMPTY, kernels: ['naive'], swept: ['tokens'], values }, ['tokens'])).toThrow('whole numbers');
  });

  test('nobody to measure is refused', () => expect(() => inputOf(EMPTY, [])).toThrow('at least one'));

  test('attention is offered up to the context of the model, with its heads', () => {
    const model = { max_position_embeddings: 300, num_attention_heads: 6, num_key_value_heads: 3, head_dim: 16 };
    const [attention] = presetsOf(KNOWN, [], model as never);
    expect(attention?.draft).toMatchObject({ values: '64, 128, 256', fixed: { heads: 6, kv_heads: 3, head_dim: 16 } });
    expect(presetsOf(KNOWN, [{ id: 'default', name: 'Default' } as Plan], undefined).map(({ name }) => name)).toEqual([
      'flash_attention against naive',
      'Every shader',
      'Plan Default over batch sizes',
    ]);
  });
});

const result = (id: string, tokens: number, median: number | null, more: Partial<BenchmarkResult> = {}): BenchmarkResult => ({
  subject: { kind: 'kernel', id },
  revision_id: null,
  sizes: { batch: 1, tokens },
  execution_provider: 'wasm',
  compute_dtype: 'float32',
  timing:
    median === null
      ? null
      : { repeats: 5, min_ms: median, median_ms: median, mean_ms: median, p95_ms: 2 * median, max_ms: 2 * median, cv: 0.25 },
  gpu_timing: null,
  gflops: median === null ? null : 1 / median,
  gb_per_second: null,
  roofline_share: null,
  prefill_tokens_per_second: null,
  decode_tokens_per_second: null,
  agreement: null,
  skipped: null,
  ...more,
});

describe('what is read off', () => {
  const results = [
    result('naive', 64, 2),
    result('naive', 128, 8),
    result('flash', 64, 3),
    result('flash', 128, 4),
    result('none', 64, null, { skipped: 'No adapter.' }),
    result('none', 128, null, { skipped: 'No adapter.' }),
  ];

  test('the table has the columns that say something, with the time beside that of the first', () => {
    const { columns, rows } = tableOf(results, ['tokens']);
    expect(columns).toEqual(['subject', 'tokens', 'median ms', 'p95 ms', 'CV %', '× first', 'GFLOP/s']);
    expect(rows[0]).toEqual(['naive', 64, 2, 4, 25, null, 0.5]);
    expect(rows[3]).toEqual(['flash', 128, 4, 8, 25, 0.5, 0.25]);
    expect(commonOf(results)).toBe('batch 1, on wasm, float32, 5 repeats');
  });

  test('what it was measured on is a column only where it differs', () => {
    const gpu = result('naive', 64, 1, { execution_provider: 'webgpu' });
    expect(tableOf([result('naive', 64, 2), gpu], []).columns).toContain('provider');
    expect(commonOf([result('naive', 64, 2), gpu])).toBe('batch 1, tokens 64, float32, 5 repeats');
  });

  test('sizes swept together are one column, and so are those of subjects that have others', () => {
    const square = (size: number) => result('matmul', 1, 1, { sizes: { M: size, N: size } });
    expect(tableOf([square(8), square(16)], ['M', 'N']).columns.slice(0, 2)).toEqual(['subject', 'M = N']);
    const { columns, rows } = tableOf([square(8), result('naive', 64, 2)], []);
    expect(columns[1]).toBe('sizes');
    expect(rows.map((row) => row[1])).toEqual(['M 8, N 8', 'batch 1, tokens 64']);
  });

  test('each other subject is compared with the first over all sizes', () =>
    expect(comparisonsOf(results)).toEqual([{ subject: 'flash', first: 'naive', least: 0.5, greatest: 1.5 }]));

  test('a reason is told once, with those it is about', () =>
    expect(notesOf(results)).toEqual([{ note: 'No adapter.', subjects: ['none'] }]));

  test('a share beyond the whole roofline is told of', () => {
    const beyond = [result('naive', 64, 2, { roofline_share: 6.08 }), result('flash', 64, 2, { roofline_share: 1 })];
    expect(notesOf(beyond)).toEqual([{ note: expect.stringMatching(/beyond 100 % of the roofline/), subjects: ['naive'] }]);
  });

  test('lines over the swept size, without what was not measured', () => {
    const plot = plotOf(results, ['tokens'], 'time');
    expect(plot).toMatchObject({ kind: 'line', title: 'Time over tokens', x_label: 'tokens' });
    expect(plot?.series).toEqual([
      { label: 'naive', x: [64, 128], values: [2, 8] },
      { label: 'flash', x: [64, 128], values: [3, 4] },
    ]);
    expect(metricsOf(results)).toEqual(['time', 'gflops']);
  });

  test('bars where nothing was swept; nothing where there is nothing', () => {
    expect(plotOf([result('wgsl.a', 8, 1), result('b', 8, 2)], [], 'time')).toMatchObject({ kind: 'bar', labels: ['a', 'b'] });
    expect(plotOf(results, ['tokens'], 'bandwidth')).toBeNull();
  });
});
