/** Whatever the form holds, the input it makes fits the contract. */
import { expect, test } from 'vitest';
import { inputOf, NEW_SCHEDULE, SCHEDULE, type Settings } from './draft.ts';

const { workload, settings } = NEW_SCHEDULE;

test.each([
  {},
  { policy: 'sjf', policy_parameters: { ageing: 1 }, num_blocks: 64, slo: { ttft_ms: 200 } },
  { step_mode: 'mixed', preemption: 'swap', memory_strategy: 'static', chunk_size: 8, slo: { tpot_ms: 1, e2e_ms: 5 } },
] satisfies Partial<Settings>[])('%j fits the contract', (change) => {
  const input = inputOf({ workload, settings: { ...settings, ...change } });
  expect(SCHEDULE.safeParse(input).error).toBeUndefined();
  expect(input).toMatchObject(change);
});

test('a live run leaves policy and bounds to the active ones', () => {
  const { workload: _, ...input } = inputOf({
    workload,
    settings: { ...settings, mode: 'run', policy: 'sjf', policy_parameters: { ageing: 1 }, token_budget: 4, slo: { ttft_ms: 9 } },
  });
  expect(input).toEqual({ ...settings, mode: 'run', slo: { ttft_ms: 9 } });
});
