/** Where the runtime's fused attention can't be trusted: another kernel stands in for the built-in one, and a patch that uses it is refused. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AttentionFragment, buildModelGraph, parseConfig, verifyWeights } from '../../engine/graph/index.ts';
import { ATTENTION_KERNELS, builtinFragments } from '../../patchable/model/index.ts';
import { trusted } from './fused-attention.ts';
import { fixtureFolder } from './testing/fixture.ts';
import { weightBuffers } from './weight-buffers.ts';

const onAdapter = (subgroupMinSize: number): void =>
  void vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => ({ info: { subgroupMinSize } }) } });
afterEach(() => void vi.unstubAllGlobals());

/** Operators of the model's graph. */
async function operators(name: string, attention: AttentionFragment, provider: 'wasm' | 'webgpu' = 'webgpu'): Promise<string> {
  const { config: json, tensors } = fixtureFolder(name);
  const config = parseConfig(json);
  const fragments = await trusted({ ...builtinFragments(provider), attention }, provider, config);
  const { index } = weightBuffers(verifyWeights(config, tensors).tensors, 'float32');
  const kv = { kind: 'contiguous' } as const;
  return new TextDecoder('latin1').decode(
    buildModelGraph(config, index, { fragments, kv, captures: [], taps: [], dtype: 'float32' }).bytes,
  );
}

const fused = ATTENTION_KERNELS.flash_attention;
/** The same in a patch. */
const patched: AttentionFragment = (g, inputs) => fused(g, inputs);

describe.each([
  ['a model with soft caps', 'gemma2', 32],
  ['an adapter with narrow subgroups', 'llama-gqa-tied', 4],
])('%s', (_, model, subgroups) => {
  test('the built-in kernel has a stand-in', async () => {
    onAdapter(subgroups);
    expect(await operators(model, fused)).not.toContain('GroupQueryAttention');
  });

  test('a patch with the fused operator is refused, one without runs', async () => {
    onAdapter(subgroups);
    await expect(operators(model, patched)).rejects.toThrow(
      /^groupQueryAttention in layers\.0.*as the kernel "grouped" is made, got the fused one\./,
    );
    expect(await operators(model, (g, inputs) => ATTENTION_KERNELS.naive(g, inputs))).toContain('Softmax');
  });
});

test('elsewhere it runs, patched or not', async () => {
  onAdapter(32);
  for (const attention of [fused, patched]) expect(await operators('llama-gqa-tied', attention)).toContain('GroupQueryAttention');
  onAdapter(4);
  expect(await operators('gemma2', patched, 'wasm')).toContain('GroupQueryAttention');
});
