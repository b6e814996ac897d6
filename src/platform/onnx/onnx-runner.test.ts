/** A graph from the standard exporter against what transformers computes for the same weights. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelRunner } from '../../engine/model-runner.ts';
import { argmax, maxDifference } from '../ort/testing/compare.ts';
import { fixtureExpected } from '../ort/testing/fixture.ts';
import { createOnnxRunner } from './onnx-runner.ts';

const FOLDER = 'fixtures/onnx/llama-gqa-tied';
const FILE = 'onnx/model.onnx';
const config = JSON.parse(readFileSync(`${FOLDER}/config.json`, 'utf8')) as Record<string, unknown>;

describe('an opaque ONNX model', () => {
  const expected = fixtureExpected('llama-gqa-tied');
  let runner: ModelRunner;

  beforeAll(async () => {
    const graph = { file: FILE, bytes: new Uint8Array(readFileSync(`${FOLDER}/${FILE}`)), externalData: null };
    runner = await createOnnxRunner({ graph, config, provider: 'wasm', blockSize: 4, numBlocks: () => 48 });
  });
  afterAll(() => runner.dispose());

  test('gives the logits of every position', async () => {
    const { logits } = await runner.run(
      expected.inputIds.map((tokenIds) => ({ tokenIds, past: 0, blockTable: null, logits: 'all' as const })),
    );
    logits.forEach((row, i) => expect(maxDifference(row, expected.logits[i]!)).toBeLessThan(1e-4));
  });

  test('decodes greedily over the paged cache, three sequences in turn, with a block moved in between', async () => {
    const sequences = expected.greedy.map(({ promptIds }, i) => ({
      ids: [...promptIds],
      past: 0,
      table: Array.from({ length: 16 }, (_, b) => 16 * i + ((b * 7) % 16)),
    }));
    for (let step = 0; step < 32; step++) {
      const rows = sequences.map(({ ids, past, table }) => ({
        tokenIds: ids.slice(past),
        past,
        blockTable: table,
        logits: 'last' as const,
      }));
      const { logits } = await runner.run(rows);
      sequences.forEach((sequence, i) => {
        sequence.past = sequence.ids.length;
        sequence.ids.push(argmax(logits[i]!));
      });
      // The engine may swap a block away and back; what was kept of the last run is stale then.
      if (step === 10) await runner.pool.writeBlock(sequences[0]!.table[0]!, await runner.pool.readBlock(sequences[0]!.table[0]!));
    }
    expected.greedy.forEach(({ promptIds, outputIds }, i) => expect(sequences[i]!.ids.slice(promptIds.length)).toEqual(outputIds));
  });

  test('refuses a file that is no decoder, naming it', async () => {
    const graph = { file: FILE, bytes: new Uint8Array([1, 2, 3]), externalData: null };
    await expect(createOnnxRunner({ graph, config, provider: 'wasm', blockSize: 4, numBlocks: () => 4 })).rejects.toMatchObject({
      name: 'WeightsError',
      file: FILE,
    });
  });
});
