/** A plan in the form: what changes it, what is run of it, and how its output is compared. */
import { describe, expect, test } from 'vitest';
import { contract } from '../../../contract/index.ts';
import { PLAN_DEFAULTS } from '../../../contract/plan.ts';
import type { Plan } from '../queries.ts';
import { copyOf, draftOf, edited, executionOf, fieldGroups, isChanged, partOf, whole, withPart } from './plan-draft.ts';
import { differencesOf } from '../../../contract/token-comparison.ts';

const plan = {
  ...PLAN_DEFAULTS,
  description: '',
  ...{ id: 'mine', name: 'Mine', built_in: false, problems: [], kv_bytes: null, created_at: '', updated_at: '' },
  ...{ example_input: { input_ids: [[1, 2]] }, example_output: null },
} as unknown as Plan;

describe('a draft', () => {
  test('of a plan is that plan; a field left out is its default', () => {
    const draft = draftOf(plan);
    expect(isChanged(draft, plan)).toBe(false);
    const { seq_len: _, ...without } = draft;
    expect(isChanged(without, plan)).toBe(false);
    expect(isChanged({ ...draft, seq_len: 8 }, plan)).toBe(true);
    expect(whole({ name: 'x' })).toMatchObject({ name: 'x', kernel: 'flash_attention', code_revisions: {} });
    expect(whole({})).not.toHaveProperty('validate_only');
  });

  test('with other prompts no longer expects the old output', () => {
    const before = { ...draftOf(plan), example_output: { token_ids: [[3]] } };
    expect(edited(before, { ...before, example_input: { input_ids: [[9]] } })).not.toHaveProperty('example_output');
    expect(edited(before, { ...before, seq_len: 9 })).toHaveProperty('example_output');
    const both = { ...before, example_input: { input_ids: [[9]] }, example_output: { token_ids: [[4]] } };
    expect(edited(before, both)).toBe(both);
  });

  test('is copied under another name and without an id', () =>
    expect(copyOf({ ...draftOf(plan), id: 'mine' })).toEqual({ ...draftOf(plan), name: 'Mine copy' }));

  test('runs as the plan that is kept, or in place where it was changed', () => {
    expect(executionOf(draftOf(plan), plan, 3, true)).toEqual({ plan_id: 'mine', seed: 3, check_reference: true });
    const changed = executionOf({ ...draftOf(plan), batch_size: 2 }, plan, 0, false);
    expect(changed).toMatchObject({
      plan: { batch_size: 2, kernel: 'flash_attention' },
      example_input: { input_ids: [[1, 2]] },
      check_reference: false,
    });
    expect(changed.plan).not.toHaveProperty('name');
    expect(executionOf({ name: 'new' }, null, 0, true)).not.toHaveProperty('example_input');
  });
});

test('the form has every field of the contract, and the kernels there are', () => {
  const names = (isNew: boolean) =>
    fieldGroups(['naive'], isNew).flatMap(({ field }) => (field.kind === 'object' ? field.properties.map(({ name }) => name) : []));
  const all = Object.keys(contract.computation.endpoints.createPlan.input.shape).filter(
    (name) => name !== 'validate_only' && name !== 'plan',
  ); // \`plan\` is the other way to write the same fields.
  expect(names(true).toSorted()).toEqual(all.toSorted());
  expect(names(false)).not.toContain('id');
  const kernel = fieldGroups(['naive'], true)
    .flatMap(({ field }) => (field.kind === 'object' ? field.properties : []))
    .find(({ name }) => name === 'kernel');
  expect(kernel?.field).toMatchObject({ kind: 'enum', options: ['naive'], default: 'flash_attention' });
});

test('a group of the form is shown its own fields of a draft, and changes no others', () => {
  const groups = fieldGroups(['naive'], false);
  const draft = draftOf(plan);
  const parts = groups.map((group) => Object.keys(partOf(draft, group)));
  expect(parts.flat().toSorted()).toEqual(Object.keys(draft).toSorted());
  const memory = groups.find(({ title }) => title === 'Memory')!;
  const { block_size: _, ...rest } = partOf(draft, memory);
  const { block_size, ...others } = draft;
  expect(block_size).toBe(16);
  expect(withPart(draft, memory, rest)).toEqual(others);
});

test.each([
  [[[1, 2]], [[1, 2]], []],
  [[[1, 2]], [[1, 3]], [{ sequence: 0, at: 1, actual: 2, expected: 3 }]],
  [[[1]], [[1, 3]], [{ sequence: 0, at: 1, actual: null, expected: 3 }]],
  [[[1], [2]], [[1]], [{ sequence: 1, at: 0, actual: 2, expected: null }]],
])('outputs %j and %j', (actual, expected, differences) => expect(differencesOf(actual, expected)).toEqual(differences));
