/** The parts of the view that need no browser: every draft makes an input that the contract takes; tables, plots and links tell what was measured. */
import { describe, expect, test } from 'vitest';
import { API_VERSION, contract } from '../../../contract/index.ts';
import { combinationsOf, reasonsOf, spreadOf, stateOf, variedFields } from './combinations.ts';
import { compare, hasSameGrid, recordDifferences } from './compare.ts';
import { draftOf, EMPTY_DRAFT, inputOf, newWorkload, productText } from './draft.ts';
import type { ExperimentInput, ExperimentRecord, Run, RunMetrics } from './experiment.ts';
import { FIGURES, figuresOf } from './figures.ts';
import { linkTo, readLink, standingOf } from './link.ts';
import { defaultOf, optionsOf, PLAN_FIELDS, planField, readValues, writeValues } from './plan-fields.ts';
import { likelyFigure, likelyX, plotOf } from './plot.ts';
import { PRESETS, USUAL_CONTEXT } from './presets.ts';

const { input: INPUT } = contract.computation.endpoints.runExperiment;
const figure = (id: string) => FIGURES.find((each) => each.id === id)!;

const metrics = (decode: number, kv = 1024): RunMetrics => ({
  serving: {
    ...{ requests: { total: 1, finished: 1, refused: 0, cancelled: 0, failed: 0 }, makespan_ms: 10, steps: 3 },
    ...{ queue_time: null, ttft: null, itl: null, e2e: null, goodput: null, prefix_hit_rate: null, fairness: null },
    tpot: { count: 1, mean_ms: 2, p50_ms: 2, p95_ms: 3, p99_ms: 3, max_ms: 3 },
    ...{ requests_per_second: 1, prompt_tokens_per_second: 1, output_tokens_per_second: decode },
    ...{ batch_size: { mean: 1, max: 1 }, kv_utilization: { mean: 0.5, max: 1 }, preemptions: 0, swaps: 0 },
  },
  ...{ prefill_tokens_per_second: null, decode_tokens_per_second: decode, build_ms: 0, peak_kv_bytes: kv, wasted_kv_bytes: kv / 4 },
  ...{ bits_per_byte: null, top_1_agreement: null, max_abs_logit_difference: null },
});

const run = (index: number, parameters: Run['parameters'], change: Partial<Run> = {}): Run => ({
  ...{ index, parameters, repeat: 0, state: 'done', used: null, metrics: null, error: null, started_at: null, duration_ms: 1 },
  ...change,
});

/** Two kernels by two lengths, two repeats each; the last combination failed. */
const grid = (factor = 1): Run[] =>
  [
    ['naive', 64],
    ['naive', 128],
    ['flash_attention', 64],
    ['flash_attention', 128],
  ].flatMap(([kernel, seq_len], i) =>
    [0, 1].map((repeat) =>
      run(
        2 * i + repeat,
        { kernel: kernel!, seq_len: seq_len! },
        i === 3 ? { repeat, state: 'failed', error: 'Too long.' } : { repeat, metrics: metrics(factor * (100 * (i + 1) + repeat * 10)) },
      ),
    ),
  );

const record = (change: Partial<ExperimentRecord> = {}): ExperimentRecord => ({
  ...{
    model_id: 'default',
    weights_hash: 'a'.repeat(64),
    code_revisions: {},
    seed: 0,
    versions: { workbench: '1', contract: API_VERSION },
  },
  device: { adapter: null, threads: 2, cross_origin_isolated: true, user_agent: 'test' },
  input: INPUT.parse({ grid: { kernel: ['naive', 'flash_attention'] } }),
  ...change,
});

describe('the draft', () => {
  test.each(PRESETS.flatMap((preset) => [64, USUAL_CONTEXT, 8192].map((context) => [preset.title, context, preset] as const)))(
    '%s fits a context of %d',
    (_, context, preset) => {
      const input = inputOf(preset.draft(context));
      const parsed = INPUT.parse(input);
      const lengths = (parsed.grid.seq_len as number[] | undefined) ?? [parsed.plan!.seq_len!];
      expect(Math.max(...lengths)).toBeLessThanOrEqual(context);
      expect(Math.min(...lengths)).toBeGreaterThan(parsed.plan!.decode_tokens!);
      const { rows, ...rest } = preset.draft(context);
      // A field fixed to its default says nothing.
      const said = rows.filter(({ field, values }) => values.length > 1 || values[0] !== defaultOf(field));
      expect(draftOf(parsed)).toEqual({ ...rest, rows: said });
    },
  );

  test('one value is fixed, several are gone through; with a kept plan all are', () => {
    const rows = [
      { field: 'kernel', values: ['naive', 'flash_attention'] },
      { field: 'seq_len', values: [32] },
    ] as const;
    expect(inputOf({ ...EMPTY_DRAFT, rows })).toMatchObject({ plan: { seq_len: 32 }, grid: { kernel: ['naive', 'flash_attention'] } });
    const byPlan = inputOf({ ...EMPTY_DRAFT, planId: 'mine', rows });
    expect(byPlan).toMatchObject({ plan_id: 'mine', grid: { kernel: ['naive', 'flash_attention'], seq_len: [32] } });
    expect(byPlan).not.toHaveProperty('plan');
    expect(productText({ rows, measured: { ...EMPTY_DRAFT.measured, repeats: 3 } })).toBe('2 kernel × 3 repeats');
  });

  test('a field without a value, and one that can not be read, are said at their place', () => {
    const rows = [
      { field: 'policy', values: [] },
      { field: 'batch_size', values: [1], written: '1, x' },
    ] as const;
    expect(() => inputOf({ ...EMPTY_DRAFT, rows })).toThrow(
      expect.objectContaining({
        errors: [
          { path: '/grid/policy', message: 'must have at least one value, or be removed.' },
          { path: '/grid/batch_size', message: 'must be numbers with commas or spaces between them; it is "1, x".' },
        ],
      }) as never,
    );
  });

  test('everything that it can say survives the way to the contract and back', () => {
    const draft = {
      ...EMPTY_DRAFT,
      ...{ name: 'all of it', text: 'Once upon a time' },
      measured: { repeats: 3, warmup: 0, seed: 9, max_run_ms: 700, slo: { ttft_ms: 20, tpot_ms: 5, e2e_ms: 900 } },
      rows: [{ field: 'prefix_caching' as const, values: [true, false] }],
      workload: { ...newWorkload(), fields: { ...newWorkload().fields, kind: 'closed_loop' as const, concurrency: 3 } },
    };
    const parsed: ExperimentInput = INPUT.parse(inputOf(draft));
    expect(draftOf(parsed)).toEqual(draft);
  });
});

describe('fields', () => {
  test('each has values to choose, or can be written and read back', () => {
    for (const name of PLAN_FIELDS) {
      const field = planField(name, ['naive', 'grouped']);
      const options = optionsOf(field);
      const values = options ?? [field.default as number];
      if (options) expect(options.length).toBeGreaterThan(1);
      else expect(readValues(field, writeValues(field, values))).toEqual({ values });
      expect(INPUT.safeParse({ grid: { [name]: values } }).error).toBeUndefined();
    }
  });

  test('a number must keep to its bounds, and counts once', () => {
    const field = planField('batch_size');
    expect(readValues(field, '1, 2 2,8')).toEqual({ values: [1, 2, 8] });
    expect(readValues(field, '1, 65')).toEqual({ fault: 'must be at most 64; it is 65.' });
    expect(readValues(field, ' ')).toEqual({ fault: 'must have at least one value, or be removed.' });
    expect(readValues(field, 'many')).toEqual({ fault: 'must be numbers with commas or spaces between them; it is "many".' });
  });
});

describe('combinations', () => {
  test('repeats are one row, with mean and spread', () => {
    const combinations = combinationsOf(grid());
    expect(combinations).toHaveLength(4);
    expect(spreadOf(combinations[0]!, figure('decode_tokens_per_second'))).toEqual({
      mean: 105,
      deviation: Math.sqrt(50),
      count: 2,
    });
    expect(spreadOf(combinations[3]!, figure('decode_tokens_per_second'))).toBeNull();
    expect([stateOf(combinations[0]!), stateOf(combinations[3]!)]).toEqual(['done', 'failed']);
    expect(reasonsOf(combinations[3]!)).toEqual(['Too long.']);
    expect(variedFields(combinations)).toEqual(['kernel', 'seq_len']);
    expect(variedFields(combinations.slice(0, 2))).toEqual(['seq_len']);
  });

  test('only figures that were measured are shown', () => {
    const ids = figuresOf(grid()).map(({ id }) => id);
    expect(ids).toContain('decode_tokens_per_second');
    expect(ids).not.toContain('bits_per_byte');
    expect(ids).not.toContain('prefill_tokens_per_second');
  });
});

describe('plots', () => {
  const combinations = combinationsOf(grid());
  const decode = figure('decode_tokens_per_second');

  test('a line for each combination of the other fields', () => {
    expect(likelyX(combinations)).toBe('seq_len');
    const plot = plotOf([{ label: null, combinations }], { figure: decode, x: 'seq_len', by: null });
    expect(plot).toMatchObject({ kind: 'line', x_label: 'seq_len', labels: null });
    expect(plot.series).toEqual([
      { label: 'kernel naive', x: [64, 128], values: [105, 205] },
      { label: 'kernel flash_attention', x: [64, 128], values: [305, null] },
    ]);
  });

  test('begin with what the grid is likely to move', () => {
    expect(likelyFigure(figuresOf(grid()), ['batch_size', 'memory_strategy'])?.id).toBe('wasted_kv_bytes');
    expect(likelyFigure(figuresOf(grid()), ['batch_size'])?.id).toBe('decode_tokens_per_second');
    // Prefill was not measured.
    expect(likelyFigure(figuresOf(grid()), ['seq_len'])?.id).toBe(figuresOf(grid())[0]!.id);
  });

  test('names stand in a row', () => {
    const plot = plotOf([{ label: 'A', combinations }], { figure: decode, x: 'kernel', by: null });
    expect(plot).toMatchObject({ kind: 'bar', labels: ['naive', 'flash_attention'] });
    expect(plot.series).toEqual([
      { label: 'A, seq_len 64', values: [105, 305] },
      { label: 'A, seq_len 128', values: [205, null] },
    ]);
  });
});

describe('comparison', () => {
  test('ratios of the combinations that both have, and which way is better', () => {
    const { rows, meanRatio, onlyA, onlyB } = compare({ runs: grid() }, { runs: grid(2).slice(0, 4) }, figure('decode_tokens_per_second'));
    expect(rows.map(({ ratio, verdict }) => [ratio, verdict])).toEqual([
      [2, 'better'],
      [2, 'better'],
    ]);
    expect([meanRatio, onlyA, onlyB]).toEqual([expect.closeTo(2), 2, 0]);
    expect(compare({ runs: grid() }, { runs: grid(2) }, figure('peak_kv_bytes')).rows[0]).toMatchObject({ ratio: 1, verdict: 'same' });
    expect(hasSameGrid({ runs: grid() }, { runs: grid(3).toReversed() })).toBe(true);
    expect(hasSameGrid({ runs: grid() }, { runs: grid().slice(2) })).toBe(false);
  });

  test('what parts them is told by name', () => {
    const other = record({ weights_hash: 'b'.repeat(64), input: INPUT.parse({ grid: { kernel: ['naive'] }, plan: { chunk_size: 32 } }) });
    expect(recordDifferences(record(), other)).toEqual([
      { name: 'weights', a: 'aaaaaaaaaaaa', b: 'bbbbbbbbbbbb' },
      { name: 'chunk_size', a: '256', b: '32' },
    ]);
    expect(recordDifferences(record(), record())).toEqual([]);
  });
});

describe('links', () => {
  test('carry the experiment whole', async () => {
    const link = await linkTo(record());
    expect(link).toMatch(/^\/computation\/experiments\?experiment=[\w-]+$/);
    const { input, ...expected } = await readLink(link.split('=')[1]!);
    expect(INPUT.parse(input)).toEqual(INPUT.parse(record().input));
    expect(expected).toEqual({ model_id: 'default', weights_hash: 'a'.repeat(64), code_revisions: {}, contract: API_VERSION });
  });

  test('from when a length meant something else are refused, unless they say what is served', async () => {
    const { packJson } = await import('../../kit/address/packed-json.ts');
    const { contract: _, ...old } = await readLink((await linkTo(record())).split('=')[1]!);
    await expect(readLink(await packJson(old))).rejects.toThrow('It is from when seq_len counted the prompt alone');
    const workload = { kind: 'requests', requests: [{ prompt_tokens: 4, output_tokens: 2 }] };
    const served = await packJson({ ...old, input: { ...old.input, workload } });
    expect(await readLink(served)).not.toHaveProperty('contract');
  });

  test('say what is active instead', () => {
    const expected = record({ code_revisions: { sampler: 'abc' } });
    expect(standingOf(expected, { ...expected, code_revisions: { sampler: 'abc' } })).toMatchObject({ sameWeights: true, sameCode: true });
    const other = standingOf(expected, { model_id: 'big', weights_hash: 'c'.repeat(64), code_revisions: {} });
    expect(other).toMatchObject({ sameWeights: false, sameCode: false, code: 'The link was made with sampler abc; active is built-in.' });
    expect(other.weights).toContain('active is big (cccccccccccc)');
  });

  test('that are broken say so', async () => {
    await expect(readLink('abc')).rejects.toThrow(/cut off/);
    const { packJson } = await import('../../kit/address/packed-json.ts');
    const read = async (value: unknown) => readLink(await packJson(value));
    await expect(read({ input: { repeats: 0 } })).rejects.toThrow(/input\.repeats must be at least 1; it is 0\./);
    await expect(read([1])).rejects.toThrow('The link holds a list. An experiment is a JSON object: names, each with its value.');
    const versions = { model_id: 'default', weights_hash: 'a'.repeat(64), code_revisions: JSON.parse('{"__proto__":"z"}') as object };
    await expect(read({ input: {}, ...versions })).rejects.toThrow('code_revisions.__proto__ is a name that is not taken.');
  });
});
