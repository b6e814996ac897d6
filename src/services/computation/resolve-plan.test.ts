/** Where the fused attention can't be trusted a plan runs another kernel, and says so. */
import { expect, test } from 'vitest';
import type { ServingModel } from '../serving/active-model.ts';
import { fixtureFolder } from '../../platform/ort/testing/fixture.ts';
import { loadCode, findCode } from './plan-code.ts';
import { wholePlan } from '../../contract/plan.ts';
import { resolvePlan } from './resolve-plan.ts';

const NOTHING_PATCHED = { activeRevisions: () => ({}), revision: () => Promise.reject(new Error('none is asked for')) };
const GPU = { adapter: 'a', isSoftware: false, hasF16: false, timestampQueries: false, maxBufferBytes: 2 ** 30, attentionStandIn: null };
const NARROW = { ...GPU, attentionStandIn: { kernel: 'grouped', reason: 'This adapter has subgroups of 4.' } };

async function used(
  fixture: string,
  kernel: 'flash_attention' | 'naive',
  gpu: typeof GPU | typeof NARROW,
  provider: 'webgpu' | 'wasm' = 'webgpu',
) {
  const plan = wholePlan({ kernel, execution_provider: provider });
  const found = await findCode(plan, NOTHING_PATCHED);
  const model = { folder: { ...fixtureFolder(fixture), id: fixture, hash: 'h' } } as unknown as ServingModel;
  const { kernel: used, fallbacks } = resolvePlan(plan, found, await loadCode(found), model, gpu).used;
  return { kernel: used, fallbacks: fallbacks.filter(({ field }) => field === 'kernel') };
}

test.each([
  ['a model with soft caps', 'gemma2', GPU, /bounds its attention scores/],
  ['an adapter with narrow subgroups', 'llama-gqa-tied', NARROW, /subgroups of 4/],
])('%s: the fallback is named, with why', async (_, fixture, gpu, reason) => {
  const fallback = { field: 'kernel', asked: 'flash_attention', used: 'grouped', reason: expect.stringMatching(reason) };
  expect(await used(fixture, 'flash_attention', gpu)).toEqual({ kernel: 'grouped', fallbacks: [fallback] });
  expect(await used(fixture, 'naive', gpu)).toEqual({ kernel: 'naive', fallbacks: [] });
  expect(await used(fixture, 'flash_attention', gpu, 'wasm')).toEqual({ kernel: 'flash_attention', fallbacks: [] });
});

test('elsewhere the plan runs as it says', async () => {
  expect(await used('llama-gqa-tied', 'flash_attention', GPU)).toEqual({ kernel: 'flash_attention', fallbacks: [] });
});
