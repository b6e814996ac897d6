/** The bundled model, through the path that the page takes: tokenizer, graph, paged cache and engine give the greedy ids of transformers. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import expected from '../engine/graph/fixtures/default-greedy.json' with { type: 'json' };
import { Engine } from '../engine/index.ts';
import { Tokenizer } from '../engine/text/tokenizer.ts';
import { lru } from '../patchable/memory/index.ts';
import sample from '../patchable/sampler/default.ts';
import { fcfs } from '../patchable/scheduler/index.ts';
import { createOrtRunner, type OrtRunner } from './ort/index.ts';
import { parseSafetensors } from './weights/safetensors.ts';

const FOLDER = 'public/models/default';
const json = (file: string) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Record<string, unknown>;

describe('the default model', () => {
  const weights = new Uint8Array(readFileSync(`${FOLDER}/model.safetensors`));
  const tokenizer = Tokenizer.fromFiles(json('tokenizer.json'), json('tokenizer_config.json'));
  let runner: OrtRunner;
  let engine: Engine;

  beforeAll(async () => {
    runner = await createOrtRunner({
      folder: { config: json('config.json'), tensors: parseSafetensors(weights, 'model.safetensors') },
      provider: 'wasm',
      numBlocks: 256,
      blockSize: 16,
    });
    engine = new Engine(runner, { policy: fcfs, eviction: lru, sample });
  });
  afterAll(async () => {
    await engine.stop();
    await runner.dispose();
  });

  test('is the one that the fixture was made from, and small enough to download', () => {
    expect(createHash('sha256').update(weights).digest('hex')).toBe(expected.model_sha256);
    expect(weights.length).toBeLessThanOrEqual(8_000_000);
  });

  test('twenty prompts at once give the tokenization and the greedy ids of transformers', async () => {
    expect(expected.cases).toHaveLength(20);
    const results = await Promise.all(
      expected.cases.map(({ prompt, input_ids, output_ids }) => {
        expect(tokenizer.encode(prompt).ids).toEqual(input_ids);
        return engine.generate({ promptTokenIds: input_ids, maxNewTokens: output_ids.length, sampling: { temperature: 0 } }).result;
      }),
    );
    results.forEach(({ completions }, i) =>
      expect(completions[0]!.tokenIds, expected.cases[i]!.prompt).toEqual(expected.cases[i]!.output_ids),
    );
  });
});
