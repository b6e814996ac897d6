/** The policy form sends what was changed and nothing else. */
import { expect, test } from 'vitest';
import { changeOf, draftOf, type Policy, withPolicy } from './policy.ts';

const policy: Policy = {
  ...{ policy: 'fcfs', rule: 'First come first served.', parameters: {}, step_mode: 'decode_first', preemption: 'recompute' },
  ...{ token_budget: 512, max_num_seqs: 16, chunk_size: 256, queue_limit: 256 },
  policies: [
    { name: 'fcfs', rule: '', parameters: [] },
    { name: 'sjf', rule: '', parameters: [{ name: 'ageing', default: 20, minimum: 0, maximum: null, description: '' }] },
  ],
};

test('an untouched draft is no change', () => expect(changeOf(policy, draftOf(policy))).toBeNull());

test('another policy comes with its defaults, bounds only when they differ', () => {
  const draft = { ...withPolicy(draftOf(policy), 'sjf', policy), token_budget: 64 };
  expect(changeOf(policy, draft)).toEqual({ policy: 'sjf', parameters: { ageing: 20 }, token_budget: 64 });
});
