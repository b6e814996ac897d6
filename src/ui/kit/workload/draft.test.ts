/** Whatever the form holds, the input it makes fits the contract. */
import { expect, test } from 'vitest';
import { contract } from '../../../contract/index.ts';
import {
  DEFAULT_DRAFT,
  type Draft,
  fieldsOf,
  formatOf,
  inputOf,
  traceTitle,
  withWorkload,
  type WorkloadKind,
  workloadOf,
} from './draft.ts';

const trace: Draft['trace'] = {
  name: 'a.csv',
  format: 'azure_csv',
  data: 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6,374,44\n',
};

test.each(['requests', 'poisson', 'gamma', 'ramp', 'closed_loop', 'trace'] satisfies WorkloadKind[])('%s fits the contract', (kind) => {
  const full: Partial<Draft> = {
    ...{ prefixGroups: 2, numbers: { ...DEFAULT_DRAFT.numbers, clients: 3, deadline_ms: 500 }, priorities: '0, -1 5' },
    ...{ policy: 'sjf', parameters: { ageing: 1 } },
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

test('the fields of a kind are those of the contract, in its order', () => {
  expect(fieldsOf('gamma').map(({ name }) => name)).toEqual([
    ...['rate', 'burstiness', 'num_requests', 'prompt_tokens', 'output_tokens', 'shared_prefix', 'clients', 'priorities', 'deadline_ms'],
  ]);
  expect(fieldsOf('trace').find(({ name }) => name === 'time_scale')).toEqual({ name: 'time_scale', isNumber: true, isOptional: true });
  expect(fieldsOf('poisson').find(({ name }) => name === 'rate')).toEqual({ name: 'rate', isNumber: true, isOptional: false });
});

test('a live run leaves policy and bounds to the active ones', () => {
  expect(inputOf({ ...DEFAULT_DRAFT, mode: 'run', policy: 'sjf', tokenBudget: 4 })).not.toHaveProperty('policy');
  expect(inputOf({ ...DEFAULT_DRAFT, mode: 'run', policy: 'sjf', tokenBudget: 4 })).not.toHaveProperty('token_budget');
});

test('says what the form can tell is wrong', () => {
  expect(() => inputOf({ ...DEFAULT_DRAFT, kind: 'trace' })).toThrow('workload.data is required: choose a file.');
  expect(() => inputOf({ ...DEFAULT_DRAFT, kind: 'requests', requests: '[{]' })).toThrow(/^workload.requests must be JSON/);
  expect(() => inputOf({ ...DEFAULT_DRAFT, kind: 'requests', requests: '{}' })).toThrow(/^workload.requests must be a list/);
  expect(() => inputOf({ ...DEFAULT_DRAFT, priorities: '1, high' })).toThrow(
    'workload.priorities must be whole numbers with commas between them; it is "1, high".',
  );
});

test('the name of a run of a trace says what was changed of it', () => {
  expect(traceTitle({ ...DEFAULT_DRAFT, trace })).toBe('a.csv, first 40, gaps × 0.1');
  expect(traceTitle({ ...DEFAULT_DRAFT, trace, numbers: { max_requests: null, time_scale: 1, length_scale: 0.5 } })).toBe(
    'a.csv, lengths × 0.5',
  );
});

test('knows the layout of a trace', () => {
  expect(formatOf('{"timestamp": 0}')).toBe('mooncake_jsonl');
  expect(formatOf('TIMESTAMP,ContextTokens')).toBe('azure_csv');
});
