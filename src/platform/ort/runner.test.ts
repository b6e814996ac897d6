/** The runner beyond parity: batches that change, blocks that move, fragments that are replaced, and what is refused. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttentionFragment } from '../../engine/graph/index.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import { argmax, maxDifference } from './testing/compare.ts';
import { fixtureExpected, fixtureFolder } from './testing/fixture.ts';
import { BatchError, createOrtRunner, type OrtRunner } from './index.ts';
import { ProviderError } from '../../ports/load-errors.ts';

const BLOCK_SIZE = 4;
const NUM_BLOCKS = 96;
const TOLERANCE = 1e-4;
const FOLDER = fixtureFolder('llama-gqa-tied');
const open = (): Promise<OrtRunner> => createOrtRunner({ folder: FOLDER, provider: 'wasm', numBlocks: NUM_BLOCKS, blockSize: BLOCK_SIZE });

let runner: OrtRunner;
beforeAll(async () => {
  runner = await open();
});
afterAll(() => runner.dispose());

const tokens = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => (seed * 31 + i * 17 + ((i * i) % 7)) % 101);
const recomputed = async (tokenIds: number[]): Promise<Float32Array> =>
  (await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'last' }])).logits[0]!;

describe('a batch that changes from step to step', () => {
  /** Sequences come, grow by some tokens, leave, and swap places; whatever happens, logits equal those computed afresh. */
  const action = fc.oneof(
    fc.record({ kind: fc.constant('step' as const) }),
    fc.record({ kind: fc.constant('join' as const), length: fc.integer({ min: 1, max: 11 }) }),
    fc.record({ kind: fc.constant('leave' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('swap' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('chunk' as const), at: fc.nat(), length: fc.integer({ min: 2, max: 6 }) }),
    fc.record({ kind: fc.constant('move' as const), at: fc.nat() }),
  );

  test('equals recomputation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 14 }), async (actions) => {
        const free = Array.from({ length: NUM_BLOCKS }, (_, i) => i);
        let batch: { ids: number[]; past: number; blockTable: number[] }[] = [];
        let seed = 0;
        const grow = (sequence: (typeof batch)[number], count: number): void => {
          sequence.ids.push(...tokens(count, ++seed));
          while (sequence.blockTable.length * BLOCK_SIZE < sequence.ids.length) sequence.blockTable.push(free.shift()!);
        };
        for (const act of actions) {
          const sequence = 'at' in act ? batch[act.at % batch.length] : undefined;
          if (act.kind === 'join' && batch.length < 4) {
            batch.push({ ids: [], past: 0, blockTable: [] });
            grow(batch.at(-1)!, act.length);
          } else if (act.kind === 'leave' && sequence) {
            batch = batch.filter((other) => other !== sequence);
            free.push(...sequence.blockTable);
          } else if (act.kind === 'swap') batch.reverse();
          else if (act.kind === 'chunk' && sequence) grow(sequence, act.length);
          else if (act.kind === 'move' && sequence) {
            const to = free.pop()!;
            await runner.pool.writeBlock(to, await runner.pool.readBlock(sequence.blockTable[0]!));
            free.unshift(sequence.blockTable[0]!);
            sequence.blockTable[0] = to;
          }
          for (const each of batch) if (each.past === each.ids.length) grow(each, 1);
          if (batch.length === 0) continue;
          const rows = batch.map(({ ids, past, blockTable }) => ({ tokenIds: ids.slice(past), past, blockTable, logits: 'last' as const }));
          const { logits } = await runner.run(rows);
          for (const [i, each] of batch.entries()) {
            each.past = each.ids.length;
            expect(maxDifference(logits[i]!, await recomputed(each.ids))).toBeLessThan(TOLERANCE);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('blocks', () => {
  test('a forked sequence goes on from a copied block', async () => {
    const ids = tokens(6, 1);
    await runner.run([{ tokenIds: ids, past: 0, blockTable: [10, 11], logits: 'none' }]);
    await runner.pool.copyBlock(11, 20);
    const rows = [5, 9].map((next, i) => ({ tokenIds: [next], past: 6, blockTable: [10, i === 0 ? 11 : 20], logits: 'last' as const }));
    const { logits } = await runner.run(rows);
    expect(maxDifference(logits[0]!, await recomputed([...ids, 5]))).toBeLessThan(TOLERANCE);
    expect(maxDifference(logits[1]!, await recomputed([...ids, 9]))).toBeLessThan(TOLERANCE);
  });

  test('bytes of a block', async () => {
    expect(runner.pool.blockBytes).toBe(2 * 2 * 2 * 8 * BLOCK_SIZE * 4);
    const bytes = await runner.pool.readBlock(10);
    expect(bytes.byteLength).toBe(runner.pool.blockBytes);
    expect(bytes.some((byte) => byte !== 0)).toBe(true);
  });

  test('a block written between two decode steps is seen by the second', async () => {
    const [a, b] = [tokens(4, 2), tokens(4, 3)];
    await runner.run([
      { tokenIds: a, past: 0, blockTable: [30, 31], logits: 'none' },
      { tokenIds: b, past: 0, blockTable: [32, 33], logits: 'none' },
    ]);
    await runner.run([{ tokenIds: [7], past: 4, blockTable: [30, 31], logits: 'last' }]);
    await runner.pool.copyBlock(32, 30);
    const { logits } = await runner.run([{ tokenIds: [7], past: 4, blockTable: [30, 31], logits: 'last' }]);
    expect(maxDifference(logits[0]!, await recomputed([...b, 7]))).toBeLessThan(TOLERANCE);
  });
});

describe('fragments', () => {
  const mean: AttentionFragment = (g, { v, layer }) => {
    const repeated = g.repeat(v, 2, layer.numHeads / layer.numKvHeads); // [B, T, H, D]
    return g.reshape(repeated, ['B', 'T', layer.numHeads * layer.headDim]);
  };

  test('become active at the next step and go back', async () => {
    const own = await open();
    const row = { tokenIds: [1, 5, 6], past: 0, blockTable: null, logits: 'last' as const };
    const before = (await own.run([row])).logits[0]!;
    await own.setFragments({ ...builtinFragments('wasm'), attention: mean }, 'mean');
    expect(own.revision).toBe('mean');
    expect(maxDifference((await own.run([row])).logits[0]!, before)).toBeGreaterThan(0.01);
    await own.setFragments(builtinFragments('wasm', 'naive'), 'naive');
    expect(maxDifference((await own.run([row])).logits[0]!, before)).toBeLessThan(TOLERANCE);
    await own.dispose();
  });

  test('that fail leave the old ones active', async () => {
    const before = await recomputed([1, 2, 3]);
    const wrong: AttentionFragment = (g, { q, pastK }) => g.matmul(q, pastK);
    const refused: AttentionFragment = (g, { q }) => g.reshape(g.node('NoSuchOperator', { inputs: [q], outputs: [q] })[0]!, ['B', 'T', 32]);
    await expect(runner.setFragments({ ...builtinFragments('wasm'), attention: wrong }, 'wrong')).rejects.toThrow(
      /matmul in layers\.0\/attention/,
    );
    await expect(runner.setFragments({ ...builtinFragments('wasm'), attention: refused }, 'refused')).rejects.toThrow(/NoSuchOperator/);
    expect(runner.revision).toBe('built-in');
    expect(maxDifference(await recomputed([1, 2, 3]), before)).toBe(0);
  });
});

describe('runs', () => {
  test('calls made at once are served in order', async () => {
    const ids = fixtureExpected('llama-gqa-tied').greedy[1]!;
    const results = await Promise.all(
      ids.outputIds.slice(0, 6).map((_, i) => recomputed([...ids.promptIds, ...ids.outputIds.slice(0, i)])),
    );
    expect(results.map(argmax)).toEqual(ids.outputIds.slice(0, 6));
  });

  test('captures inside layers', async () => {
    const capture = ['hidden_states.1', 'hidden_states.0', 'layers.0.attn_out', 'layers.0.resid_mid', 'layers.0.mlp_out', 'layers.0.q'];
    const { captures } = await runner.run([{ tokenIds: [4, 5, 6], past: 0, blockTable: null, logits: 'none' }], { capture });
    const get = (name: string) => captures[0]!.get(name)!;
    expect(get('layers.0.q').shape).toEqual([3, 4, 8]);
    const sum = get('hidden_states.0').data.map((x, i) => x + get('layers.0.attn_out').data[i]!);
    expect(maxDifference(get('layers.0.resid_mid').data, sum)).toBeLessThan(1e-6);
    expect(
      maxDifference(
        get('hidden_states.1').data,
        sum.map((x, i) => x + get('layers.0.mlp_out').data[i]!),
      ),
    ).toBeLessThan(1e-6);
  });

  test.each<[string, object, RegExp]>([
    ['no tokens', { tokenIds: [] }, /Row 0: has no new tokens/],
    ['a token outside the vocabulary', { tokenIds: [101] }, /token id 101 .* 101/],
    ['too long', { tokenIds: tokens(129, 1), blockTable: null }, /context of 128/],
    ['too few blocks', { tokenIds: tokens(5, 1), blockTable: [1] }, /need 2 blocks/],
    ['a block outside the pool', { blockTable: [NUM_BLOCKS] }, /block 96/],
    ['a past without blocks', { past: 3, blockTable: null }, /past but no blocks/],
  ])('refuses %s', async (_, change, message) => {
    const run = runner.run([{ tokenIds: [1], past: 0, blockTable: [0], logits: 'last', ...change }]);
    await expect(run).rejects.toThrow(BatchError);
    await expect(run).rejects.toThrow(message);
  });

  test('refuses float16 on WASM', async () => {
    await expect(
      createOrtRunner({ folder: FOLDER, provider: 'wasm', computeDtype: 'float16', numBlocks: 1, blockSize: 4 }),
    ).rejects.toThrow(ProviderError);
  });
});
