/** Two runs are compared figure by figure, and lower is only better where it is. */
import { expect, test } from 'vitest';
import { rowsOf, type Schedule, settingsThatDiffer } from './compare.ts';

const summary = (p50: number) => ({ count: 4, mean_ms: p50, p50_ms: p50, p95_ms: p50 * 2, p99_ms: p50 * 3, max_ms: p50 * 4 });
const metrics = (ttft: number, tokens: number): Schedule['metrics'] => ({
  ...{
    requests: { total: 4, finished: 4, refused: 0, cancelled: 0, failed: 0 },
    makespan_ms: 1000,
    queue_time: null,
    ttft: summary(ttft),
    tpot: null,
    itl: null,
    e2e: null,
  },
  ...{
    requests_per_second: 4,
    prompt_tokens_per_second: 1,
    output_tokens_per_second: tokens,
    goodput: null,
    steps: 9,
    batch_size: { mean: 2, max: 4 },
  },
  ...{ kv_utilization: { mean: 0.5, max: 1 }, prefix_hit_rate: null, preemptions: 0, swaps: 0, fairness: null },
});

test('lower latency and higher throughput are better, equal is equal', () => {
  const rows = new Map(rowsOf(metrics(100, 50), metrics(80, 40)).map((row) => [row.name, row]));
  expect(rows.get('TTFT p50')).toMatchObject({ a: '100 ms', b: '80.0 ms', verdict: 'better' });
  expect(rows.get('TTFT p50')!.change).toBeCloseTo(-0.2);
  expect(rows.get('output tokens/s')).toMatchObject({ verdict: 'worse' });
  expect(rows.get('makespan')).toMatchObject({ change: 0, verdict: 'same' });
  expect(rows.get('refused')).toMatchObject({ change: 0, verdict: 'same' });
  expect(rows.get('steps')).toMatchObject({ verdict: null });
  expect(rows.has('TPOT p50')).toBe(false);
});

test('one run alone has figures and no verdicts', () => {
  expect(rowsOf(metrics(100, 50), null).every(({ b, change, verdict }) => b === null && change === null && verdict === null)).toBe(true);
});

test('names the settings that differ', () => {
  const a = { mode: 'simulate', policy: 'fcfs', parameters: {}, seed: 1 } as unknown as Schedule;
  expect(settingsThatDiffer(a, { ...a, policy: 'sjf', parameters: { ageing: 2 } })).toEqual([
    { name: 'policy', a: 'fcfs', b: 'sjf' },
    { name: 'parameters', a: '{}', b: '{"ageing":2}' },
  ]);
});
