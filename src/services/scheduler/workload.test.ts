/** What a workload may not be, beyond what its schema says. */
import { expect, test } from 'vitest';
import { type WorkloadInput, workloadOf } from './workload.ts';

const context = { seed: 0, contextTokens: 512, encode: () => [1] };
const trace = (times: readonly number[], time_scale?: number): WorkloadInput => ({
  kind: 'trace',
  format: 'mooncake_jsonl',
  data: times.map((timestamp) => JSON.stringify({ timestamp, input_length: 4, output_length: 2 })).join('\n'),
  ...(time_scale !== undefined && { time_scale }),
});

test.each([
  ['far away', [0, 1e300], undefined],
  ['by its scale', [0, 1e11], 1e6],
])('a trace whose last arrival lies too far %s is refused: sums of its times would lose the milliseconds', (_, times, scale) => {
  expect(() => workloadOf(trace(times, scale), context)).toThrow(/^workload\.data goes on for [\de+]+ ms/);
});

test('one that ends in time is served, wherever it begins', () => {
  expect(workloadOf(trace([1e15, 1e15 + 1e11]), context).requests.map(({ arrivalMs }) => arrivalMs)).toEqual([0, 1e11]);
});

test('lengths whose range ends before it begins are refused for callers that nobody validates too', () => {
  const fixed = { distribution: 'fixed' as const, tokens: 1 };
  const input: WorkloadInput = { kind: 'poisson', rate: 1, num_requests: 1, prompt_tokens: fixed, output_tokens: fixed };
  const range = { distribution: 'uniform' as const, min: 500, max: 160 };
  expect(() => workloadOf({ ...input, prompt_tokens: range }, context)).toThrow(
    'workload.prompt_tokens.min must be at most max, which is 160; it is 500.',
  );
  expect(() => workloadOf({ ...input, output_tokens: range }, context)).toThrow(/^workload\.output_tokens\.min must be at most max/);
});
