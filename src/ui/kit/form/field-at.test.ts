/** What a form draws of a field is what the contract says of it. */
import { expect, it } from 'vitest';
import { contract } from '../../../contract/index.ts';
import { fieldAt } from './field-at.ts';

const schedule = contract.scheduler.endpoints.schedule.input;

it('finds a field at its place, through unions, references, lists and records', () => {
  expect(fieldAt(schedule, '/seed')).toMatchObject({ kind: 'number', integer: true, minimum: 0, maximum: 0xffffffff });
  expect(fieldAt(schedule, '/workload/burstiness')).toMatchObject({ maximum: 100, hints: { label: 'Burstiness' } });
  expect(fieldAt(schedule, '/workload/prompt_tokens/sigma')).toMatchObject({ exclusiveMinimum: 0, maximum: 5 });
  expect(fieldAt(schedule, '/workload/requests/3/output_tokens')).toMatchObject({ minimum: 1 });
  expect(fieldAt(contract.computation.endpoints.benchmark.input, '/sizes/0/tokens')).toMatchObject({ minimum: 1, maximum: 1_000_000 });
});

it('refuses a place that the input does not have', () => {
  expect(() => fieldAt(schedule, '/workload/rates')).toThrow('The input has no /workload/rates.');
});
