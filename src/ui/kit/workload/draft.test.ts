/** Whatever the form holds, the workload it makes fits the contract. */
import { expect, test } from 'vitest';
import { workload } from '../../../contract/workload.ts';
import { formatOf, NEW_WORKLOAD, traceTitle, withWorkload, type WorkloadDraft, type WorkloadKind, workloadOf } from './draft.ts';

const trace: WorkloadDraft['trace'] = {
  name: 'a.csv',
  format: 'azure_csv',
  data: 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6,374,44\n',
};
const { fields } = NEW_WORKLOAD;

test.each(['requests', 'poisson', 'gamma', 'ramp', 'closed_loop', 'trace'] satisfies WorkloadKind[])('%s fits the contract', (kind) => {
  const full = { shared_prefix: { groups: 2, tokens: 32 }, clients: 3, deadline_ms: 500 };
  for (const distribution of ['fixed', 'uniform', 'lognormal'] as const) {
    for (const [extra, priorities] of [
      [{}, ''],
      [full, '0, -1 5'],
    ] as const) {
      const prompt_tokens = { ...(fields['prompt_tokens'] as object), distribution };
      const made = workloadOf({ ...NEW_WORKLOAD, trace, priorities, fields: { ...fields, ...extra, prompt_tokens, kind } });
      expect(workload.safeParse(made).error).toBeUndefined();
      expect(workloadOf(withWorkload(NEW_WORKLOAD, made))).toEqual(made);
    }
  }
});

test('says what the form can tell is wrong', () => {
  const of = (kind: WorkloadKind, change: Partial<WorkloadDraft> = {}) =>
    workloadOf({ ...NEW_WORKLOAD, fields: { ...fields, kind }, ...change });
  expect(() => of('trace')).toThrow('workload.data is required: choose a file.');
  expect(() => of('requests', { requests: '[{]' })).toThrow(/^workload.requests must be JSON/);
  expect(() => of('requests', { requests: '{}' })).toThrow(/^workload.requests must be a list/);
  expect(() => workloadOf({ ...NEW_WORKLOAD, priorities: '1, high' })).toThrow(
    'workload.priorities must be whole numbers with commas between them; it is "1, high".',
  );
});

test('the name of a run of a trace says what was changed of it', () => {
  expect(traceTitle({ ...NEW_WORKLOAD, trace })).toBe('a.csv, first 40, gaps × 0.1');
  expect(traceTitle({ ...NEW_WORKLOAD, trace, fields: { kind: 'trace', time_scale: 1, length_scale: 0.5 } })).toBe('a.csv, lengths × 0.5');
});

test('knows the layout of a trace', () => {
  expect(formatOf('{"timestamp": 0}')).toBe('mooncake_jsonl');
  expect(formatOf('TIMESTAMP,ContextTokens')).toBe('azure_csv');
});
