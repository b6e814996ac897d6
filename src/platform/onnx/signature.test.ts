/** Decoders of other exporters: what can be fed and read is served, all else is refused by name before anything is replaced. */
import { afterEach, describe, expect, test } from 'vitest';
import type { ModelRunner } from '../../engine/model-runner.ts';
import { tryOut } from '../../engine/trial-run.ts';
import { createOnnxRunner } from './onnx-runner.ts';
import { tinyDecoder, type TinyDecoder, TINY_CONFIG, VOCABULARY } from './testing/tiny-decoder.ts';

const FILE = 'onnx/model.onnx';
let runner: ModelRunner | null = null;
afterEach(async () => {
  await runner?.dispose();
  runner = null;
});

async function open(change: TinyDecoder, config: Record<string, unknown> = TINY_CONFIG): Promise<ModelRunner> {
  const graph = { file: FILE, bytes: tinyDecoder(change), externalData: null };
  runner = await createOnnxRunner({ graph, config, provider: 'wasm', blockSize: 4, numBlocks: () => 8 });
  return runner;
}

describe('served', () => {
  test.each<[string, TinyDecoder]>([
    ['int64', {}],
    ['int32 ids', { ids: 'int32' }],
    ['int32 throughout', { ids: 'int32', mask: 'int32', positions: 'int32' }],
    ['no positions', { positions: null }],
    ['a batch of one', { idsShape: [1, 'sequence'], logitsShape: [1, 'sequence', VOCABULARY] }],
  ])('%s', async (_, change) => {
    const opened = await open(change);
    await tryOut(opened);
    const { logits } = await opened.run([{ tokenIds: [3, 1, 4], past: 0, blockTable: [0], logits: 'all' }]);
    expect(Array.from(logits[0]!)).toEqual([3, 1, 4].flatMap((id) => [0, 1, 2, 3, 4].map((i) => id + i)));
    const next = await opened.run([{ tokenIds: [2], past: 3, blockTable: [0], logits: 'last' }]);
    expect(Array.from(next.logits[0]!)).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('refused', () => {
  test.each<[string, TinyDecoder, RegExp]>([
    ['float ids', { ids: 'float32' }, /takes input_ids as float32; int64 and int32 are served/],
    ['float mask', { mask: 'float32' }, /takes attention_mask as float32/],
    ['float positions', { positions: 'float32' }, /takes position_ids as float32/],
    ['keys in half precision', { past: 'float16' }, /past_key_values\.0\.key in float16; only float32 is served/],
    ['logits in half precision', { logits: 'float16' }, /logits in float16; only float32 is served/],
    ['no mask', { without: 'attention_mask' }, /its inputs are input_ids, position_ids/],
    [
      'keys without values',
      { inputs: [{ name: 'past_key_values.1.key', dtype: 'float32', shape: ['batch', 1, 'past', 2] }] },
      /no decoder of the layout/,
    ],
    ['no presents', { without: 'present.0.value' }, /has no output present\.0\.value; its outputs are logits, present\.0\.key/],
    ['an input that nobody feeds', { inputs: [{ name: 'use_cache_branch', dtype: 'bool', shape: [1] }] }, /use_cache_branch/],
    ['a fixed length', { idsShape: ['batch', 128] }, /the input input_ids of \[batch, 128\]; expected \[1, any\]/],
    ['a fixed batch', { idsShape: [4, 'sequence'] }, /input_ids of \[4, sequence\]/],
    ['another vocabulary', { logitsShape: ['batch', 'sequence', 7] }, /logits of \[batch, sequence, 7\]; expected \[1, any, 5\]/],
    ['a graph that contradicts itself', { logitsShape: ['batch', 5] }, /the runtime can't open it/],
  ])('%s', async (_, change, message) => {
    await expect(open(change)).rejects.toMatchObject({
      name: 'WeightsError',
      file: FILE,
      message: expect.stringMatching(message) as string,
    });
  });

  test.each([
    ['vocab_size', { max_position_embeddings: 32 }],
    ['max_position_embeddings', { vocab_size: 5, max_position_embeddings: '32' }],
  ])('config.json without a usable %s', async (field, config) => {
    await expect(open({}, config)).rejects.toMatchObject({ file: 'config.json', message: expect.stringContaining(field) as string });
  });

  test('what the graph does not say is found out by a first run', async () => {
    const wrongLogits = await open({ logitsShape: ['batch', 'sequence', 'vocabulary'] }, { ...TINY_CONFIG, vocab_size: 6 });
    await expect(tryOut(wrongLogits)).rejects.toMatchObject({
      name: 'TrialError',
      message: "The model's first prompt failed: The graph gave logits as float32 [1, 2, 5]; expected float32 [1, 2, 6].",
    });
    await runner!.dispose();
    await expect(tryOut(await open({ forgets: true }))).rejects.toMatchObject({
      message: expect.stringMatching(
        /first decode step failed: .*present\.0\.key as float32 \[1, 1, 1, 2\]; expected float32 \[1, 1, 3, 2\]/,
      ) as string,
    });
  });
});
