import { expect, it } from 'vitest';
import { type Effect, pairs } from './candidates.ts';
import { callOf, type Donor, FIRST_INTERVENTION, mismatch, sweepCallOf, tapOf } from './intervention.ts';

it('becomes a tap that names what it changes and nothing else', () => {
  expect(tapOf(FIRST_INTERVENTION)).toEqual({ hook_point: 'layers.0.attn_out', op: 'ablate' });
  expect(tapOf({ ...FIRST_INTERVENTION, place: 'hidden_states', layer: 3, operation: 'scale', value: 0.5, token: 7, head: 2 })).toEqual({
    hook_point: 'hidden_states.3',
    op: 'scale',
    value: 0.5,
    tokens: [7],
  });
  expect(callOf([1, 2], { ...FIRST_INTERVENTION, place: 'k', head: 1 }).taps).toEqual([
    { hook_point: 'layers.0.k', op: 'ablate', heads: [1] },
  ]);
});

it('a sweep changes one token in each layer, a sequence for each', () => {
  const { input_ids, taps } = sweepCallOf([4, 5, 6], FIRST_INTERVENTION, 2, 2);
  expect(input_ids).toEqual([
    [4, 5, 6],
    [4, 5, 6],
  ]);
  expect(taps).toEqual([
    { hook_point: 'layers.0.attn_out', op: 'ablate', tokens: [2], sequences: [0] },
    { hook_point: 'layers.1.attn_out', op: 'ablate', tokens: [2], sequences: [1] },
  ]);
});

it('candidates of either side stand beside what they were on the other', () => {
  const candidate = (token_id: number, logprob: number) => ({ token_id, token: `t${token_id}`, logit: 0, logprob });
  const effect: Effect = {
    kl_divergence: 1,
    max_abs_logit_difference: 1,
    before: [candidate(1, -0.1), candidate(2, -1), candidate(3, -2)],
    after: [candidate(3, -0.2), candidate(4, -1), candidate(1, -3)],
  };
  expect(pairs(effect, 1)).toEqual([
    { tokenId: 1, token: 't1', before: -0.1, after: -3 },
    { tokenId: 3, token: 't3', before: -2, after: -0.2 },
  ]);
  expect(pairs(effect, 2).find(({ tokenId }) => tokenId === 4)).toEqual({ tokenId: 4, token: 't4', before: null, after: -1 });
});

it('a patch takes the values of the other run at the same position, all of them where no token is chosen', () => {
  const values = { dtype: 'float32' as const, shape: [1, 3, 2], data: Float32Array.of(0, 1, 10, 11, 20, 21) };
  const donor: Donor = { tokenIds: [1, 2, 3], values: { 'layers.0.attn_out': values } };
  const patch = { ...FIRST_INTERVENTION, operation: 'patch' as const };
  expect(tapOf(patch, donor)).toEqual({ hook_point: 'layers.0.attn_out', op: 'replace', value: values });
  expect(tapOf({ ...patch, token: 1 }, donor)).toMatchObject({ tokens: [1], value: { shape: [1, 1, 2], data: Float32Array.of(10, 11) } });
  expect(mismatch(donor, 3, patch)).toBeNull();
  expect(mismatch(donor, 4, patch)).toContain('3 tokens, the sequence 4');
  expect(mismatch(donor, 4, { ...patch, token: 2 })).toBeNull();
  expect(mismatch(donor, 4, { ...patch, token: 3 })).toContain('none at position 3');
});
