/** Every architecture against Hugging Face transformers: logits, captures and greedy ids, with each attention kernel. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTENTION, builtinFragments } from '../../patchable/model/index.ts';
import { argmax, maxDifference } from './testing/compare.ts';
import { type Expected, fixtureCases, fixtureExpected, fixtureFolder } from './testing/fixture.ts';
import { createOrtRunner, type OrtRunner } from './index.ts';

const TOLERANCE = 1e-4;
const BLOCK_SIZE = 4;
const KERNELS = ATTENTION.map((each) => each.name);

describe.each(fixtureCases())('%s', (name) => {
  // One with a window of its own equals the others only up to that length, which no fixture exceeds.
  describe.each(KERNELS)('%s', (kernel) => {
    let runner: OrtRunner;
    let expected: Expected;

    beforeAll(async () => {
      expected = fixtureExpected(name);
      runner = await createOrtRunner({
        folder: fixtureFolder(name),
        provider: 'wasm',
        numBlocks: 64,
        blockSize: BLOCK_SIZE,
        fragments: builtinFragments('wasm', kernel),
      });
    });
    afterAll(() => runner?.dispose());

    const blocks = (row: number): number[] => Array.from({ length: 16 }, (_, i) => 16 * row + ((i * 7) % 16));

    test('logits of every position, without a cache', async () => {
      const { logits } = await runner.run(
        expected.inputIds.map((tokenIds) => ({ tokenIds, past: 0, blockTable: null, logits: 'all' as const })),
      );
      logits.forEach((row, i) => expect(maxDifference(row, expected.logits[i]!)).toBeLessThan(TOLERANCE));
    });

    test('logits by chunks on top of the cache equal those in one piece', async () => {
      const tokenIds = expected.inputIds.at(-1)!;
      const parts: number[] = [];
      for (let past = 0; past < tokenIds.length; past += 5) {
        const { logits } = await runner.run([{ tokenIds: tokenIds.slice(past, past + 5), past, blockTable: blocks(0), logits: 'all' }]);
        parts.push(...logits[0]!);
      }
      expect(maxDifference(parts, expected.logits.at(-1)!)).toBeLessThan(TOLERANCE);
    });

    test('hidden states and attention maps', async () => {
      const layers = expected.attentions.map((_, i) => i);
      const capture = [...expected.hiddenStates.map((_, i) => `hidden_states.${i}`), ...layers.map((i) => `attentions.${i}`)];
      const [short, long] = expected.inputIds;
      const { captures } = await runner.run(
        [short!, long!].map((tokenIds) => ({ tokenIds, past: 0, blockTable: null, logits: 'none' as const })),
        { capture },
      );
      expected.hiddenStates.forEach((state, i) =>
        expect(maxDifference(captures[1]!.get(`hidden_states.${i}`)!.data, state)).toBeLessThan(TOLERANCE),
      );
      expected.attentions.forEach((map, i) =>
        expect(maxDifference(captures[1]!.get(`attentions.${i}`)!.data, map)).toBeLessThan(TOLERANCE),
      );
      expect(captures[1]!.get('attentions.0')!.shape).toEqual([runner.config.numHeads, long!.length, long!.length]);
      expect(captures[0]!.get('hidden_states.0')!.shape).toEqual([short!.length, runner.config.hiddenSize]);
    });

    test('greedy ids of a ragged batch through the cache', async () => {
      const sequences = expected.greedy.map(({ promptIds }, i) => ({ ids: [...promptIds], blockTable: blocks(i), past: 0 }));
      for (let step = 0; step < expected.greedy[0]!.outputIds.length; step++) {
        const { logits } = await runner.run(
          sequences.map(({ ids, past, blockTable }) => ({ tokenIds: ids.slice(past), past, blockTable, logits: 'last' as const })),
        );
        sequences.forEach((sequence, i) => {
          sequence.past = sequence.ids.length;
          sequence.ids.push(argmax(logits[i]!));
        });
      }
      expect(sequences.map(({ ids }, i) => ids.slice(expected.greedy[i]!.promptIds.length))).toEqual(
        expected.greedy.map(({ outputIds }) => outputIds),
      );
    });
  });
});
