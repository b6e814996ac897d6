/** Whatever the form holds, the input it makes fits the contract. */
import { expect, test } from 'vitest';
import { contract } from '../../../contract/index.ts';
import { DEFAULT_DRAFT, type Draft, DraftError, formatOf, inputOf, withWorkload, type WorkloadKind, workloadOf } from './draft.ts';

const trace: Draft['trace'] = {
  name: 'a.csv',
  format: 'azure_csv',
  data: 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6,374,44\n',
};

test.each(['requests', 'poisson', 'gamma', 'ramp', 'closed_loop', 'trace'] satisfies WorkloadKind[])('%s fits the contract', (kind) => {
  const full: Partial<Draft> = {
    ...{ prefixGroups: 2, clients: 3, priorities: '0, -1 5', deadlineMs: 500, policy: 'sjf', parameters: { ageing: 1 } },
    ...{ numBlocks: 64, sloTtftMs: 200 },
  };
  for (const distribution of ['fixed', 'uniform', 'lognormal'] as const) {
    for (const extra of [{}, full]) {
      const input = inputOf({ ...DEFAULT_DRAFT, kind, trace, ...extra, prompt: { ...DEFAULT_DRAFT.prompt, distribution } });
      expect(contract.scheduler.endpoints.schedule.input.safeParse(input).error).toBeUndefined();
      expect(workloadOf(withWorkload(DEFAULT_DRAFT, input.workload))).toEqual(input.workload);
    }
  }
});

test('a live run leaves policy and bounds to the active ones', () => {
  expect(inputOf({ ...DEFAULT_DRAFT, mode: 'run', policy: 'sjf', tokenBudget: 4 })).not.toHaveProperty('policy');
  expect(inputOf({ ...DEFAULT_DRAFT, mode: 'run', policy: 'sjf', tokenBudget: 4 })).not.toHaveProperty('token_budget');
});

test('says what the form can tell is wrong', () => {
  expect(() => inputOf({ ...DEFAULT_DRAFT, kind: 'trace' })).toThrow(DraftError);
  expect(() => inputOf({ ...DEFAULT_DRAFT, kind: 'requests', requests: '[{]' })).toThrow(/not JSON/);
  expect(() => inputOf({ ...DEFAULT_DRAFT, kind: 'requests', requests: '{}' })).toThrow(/array/);
  expect(() => inputOf({ ...DEFAULT_DRAFT, priorities: '1, high' })).toThrow(/whole numbers/);
});

test('knows the layout of a trace', () => {
  expect(formatOf('{"timestamp": 0}')).toBe('mooncake_jsonl');
  expect(formatOf('TIMESTAMP,ContextTokens')).toBe('azure_csv');
});
