/** A form has the fields that the contract says it has, in its parts and its order; what it holds of others is not sent. */
import { expect, test } from 'vitest';
import { contract } from '../../../contract/index.ts';
import { fieldAt } from './field-at.ts';
import { formFields } from './form-fields.ts';
import { changed, heldAt, sentOf } from './held.ts';

const schedule = contract.scheduler.endpoints.schedule.input;
const placesOf = (kind: string, more: object = {}) => formFields(schedule, '/workload', { kind, ...more }).map(({ place }) => place);

test('the fields of a variant are its own, in the order of the contract', () => {
  expect(placesOf('gamma')).toEqual([
    ...['kind', 'rate', 'burstiness', 'num_requests', 'prompt_tokens', 'output_tokens', 'shared_prefix/groups'],
    ...['clients', 'priorities', 'deadline_ms'],
  ]);
  const [timeScale] = formFields(schedule, '/workload', { kind: 'trace' }).filter(({ place }) => place === 'time_scale');
  expect(timeScale).toMatchObject({ field: { kind: 'number', hints: { label: 'Gaps ×' } }, isOptional: true });
  const [rate] = formFields(schedule, '/workload', { kind: 'poisson' }).filter(({ place }) => place === 'rate');
  expect(rate).toMatchObject({ field: { kind: 'number', minimum: 1e-6 }, isOptional: false });
});

test('parts and places are those of the contract', () => {
  const generate = formFields(contract.model.endpoints.generate.input, '', {});
  const ofGroup = (group: string) => generate.filter((field) => field.group === group).map(({ place }) => place);
  expect(ofGroup('Sampling').slice(0, 2)).toEqual(['temperature', 'top_k']);
  expect(ofGroup('Sampling').at(-1)).toBe('seed');
  expect(ofGroup('Output')).toEqual(['max_new_tokens', 'n', 'logprobs', 'stop', 'ignore_eos']);
  const objectives = formFields(schedule, '', {}).filter(({ group }) => group === 'Objectives and seed');
  expect(objectives.map(({ place }) => place)).toEqual(['slo/ttft_ms', 'slo/tpot_ms', 'slo/e2e_ms', 'seed']);
});

test('the first field of an object that may be left out brings it with all it needs, and takes it away', () => {
  const none = { kind: 'poisson', rate: 1 };
  const [groups] = formFields(schedule, '/workload', none).filter(({ place }) => place === 'shared_prefix/groups');
  expect(groups?.isOptional).toBe(true);
  const with2 = changed(none, groups!, 2);
  expect(with2).toEqual({ ...none, shared_prefix: { groups: 2, tokens: 32 } });
  expect(placesOf('poisson', with2)).toContain('shared_prefix/tokens');
  expect(heldAt(with2, 'shared_prefix/tokens')).toBe(32);
  expect(changed(with2, groups!, 3)).toEqual({ ...none, shared_prefix: { groups: 3, tokens: 32 } });
  expect(changed(with2, groups!, undefined)).toEqual(none);
});

test('an object of nothing is left out', () => {
  const place = (name: string) => ({ place: `slo/${name}` });
  const both = changed(changed({}, place('ttft_ms'), 5), place('tpot_ms'), 6);
  expect(both).toEqual({ slo: { ttft_ms: 5, tpot_ms: 6 } });
  expect(changed(changed(both, place('ttft_ms'), undefined), place('tpot_ms'), undefined)).toEqual({});
});

test('of several variants only the fields of the chosen one are sent', () => {
  const lengths = { tokens: 1, min: 2, max: 3, median: 4, sigma: 0.5 };
  const held = { kind: 'poisson', rate: 1, burstiness: 2, prompt_tokens: { distribution: 'uniform', ...lengths } };
  expect(sentOf(fieldAt(schedule, '/workload'), held)).toEqual({
    ...{ kind: 'poisson', rate: 1 },
    prompt_tokens: { distribution: 'uniform', min: 2, max: 3 },
  });
});
