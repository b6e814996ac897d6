/** Taps on the real runtime: what they change, what they leave to the bit, and activation patching between two sequences, for every architecture. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchRow, Tap } from '../../engine/index.ts';
import { type AttentionKernel, builtinFragments } from '../../patchable/model/index.ts';
import { maxDifference } from './testing/compare.ts';
import { fixtureArchitectures, fixtureFolder, fixtureModels } from './testing/fixture.ts';
import { createOrtRunner, type OrtRunner } from './index.ts';

const LENGTH = 9;
const detached = (tokenIds: number[]): BatchRow => ({ tokenIds, past: 0, blockTable: null, logits: 'all' });
const tokens = (seed: number): number[] => Array.from({ length: LENGTH }, (_, i) => (seed * 7 + i * i * 3 + i) % 32);

const architectures = fixtureArchitectures();

describe.each(fixtureModels())('%s', (name) => {
  // A tap stands before or behind the kernel: another one is tried on one model of each architecture.
  describe.each<AttentionKernel>(architectures.includes(name) ? ['grouped', 'flash_attention'] : ['grouped'])('%s', (kernel) => {
    let runner: OrtRunner;
    const [clean, corrupted] = [tokens(1), tokens(2)];

    beforeAll(async () => {
      const fragments = builtinFragments('wasm', kernel);
      runner = await createOrtRunner({ folder: fixtureFolder(name), provider: 'wasm', numBlocks: 4, blockSize: 4, fragments });
    });
    afterAll(() => runner?.dispose());

    const run = async (tokenIds: number[], taps: Tap[] = [], capture: string[] = []) => {
      const { logits, captures } = await runner.run([detached(tokenIds)], { taps, capture });
      return { logits: Float32Array.from(logits[0]!), captures: captures[0]! };
    };
    const tappable = () => runner.hookPoints.filter(({ tokenShape }) => tokenShape);
    const sizeOf = (hookPoint: string) =>
      runner.hookPoints.find((point) => point.name === hookPoint)!.tokenShape!.reduce((product, dim) => product * dim, 1);
    /** `x * scale + offset` at some tokens; the others stay. */
    const tap = (hookPoint: string, scale: number, offset: number, at = Array.from(clean.keys())): Tap => ({
      hookPoint,
      row: 0,
      change() {
        const width = sizeOf(hookPoint);
        const change = { scale: new Float32Array(LENGTH * width).fill(1), offset: new Float32Array(LENGTH * width) };
        for (const token of at) {
          change.scale.fill(scale, token * width, (token + 1) * width);
          change.offset.fill(offset, token * width, (token + 1) * width);
        }
        return change;
      },
    });

    test('x · 1 + 0 at every hook point leaves the logits to the bit', async () => {
      const { logits } = await run(
        clean,
        tappable().map((point) => tap(point.name, 1, 0)),
      );
      expect(logits).toEqual((await run(clean)).logits);
    });

    test('each hook point reaches the logits, and captures show what came of it', async () => {
      const before = await run(clean);
      for (const point of tappable()) {
        const { logits, captures } = await run(clean, [tap(point.name, 0, 0.25)], [point.name]);
        expect(captures.get(point.name)!.data.every((value) => value === 0.25)).toBe(true);
        expect(maxDifference(logits, before.logits), point.name).toBeGreaterThan(1e-6);
      }
    });

    test('attention and MLP add up to the residual stream', async () => {
      const { captures } = await run(
        clean,
        [tap('layers.0.attn_out', 0, 0), tap('layers.0.mlp_out', 0, 0)],
        ['hidden_states.0', 'layers.0.resid_mid', 'hidden_states.1'],
      );
      const [first, middle, next] = ['hidden_states.0', 'layers.0.resid_mid', 'hidden_states.1'].map((each) => captures.get(each)!.data);
      expect(middle).toEqual(first);
      if (runner.config.numLayers > 1) expect(next).toEqual(first);
    });

    test('no token sees a change after it, and other rows see none', async () => {
      const { vocabSize } = runner.shape;
      const before = await run(clean);
      const points = tappable().map((point) => point.name);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...points), fc.integer({ min: 0, max: LENGTH - 1 }), async (hookPoint, token) => {
          const taps = [tap(hookPoint, -0.5, 0.5, [token])];
          const { logits } = await runner.run([detached(clean), detached(clean)], { taps });
          const [changed, other] = logits.map((row) => Float32Array.from(row));
          expect(maxDifference(changed!.subarray(0, token * vocabSize), before.logits.subarray(0, token * vocabSize))).toBeLessThan(1e-5);
          expect(maxDifference(other!, before.logits)).toBeLessThan(1e-5);
        }),
        { numRuns: 20 },
      );
    });

    test('the stream of another sequence brings its logits along', async () => {
      const expected = await run(corrupted);
      const { numLayers, parallelResidual } = runner.config;
      for (let layer = 0; layer < numLayers; layer++) {
        // Where attention and MLP stand side by side, the MLP's part is not in the stream yet and comes from the clean sequence.
        for (const hookPoint of [`hidden_states.${layer}`, ...(parallelResidual ? [] : [`layers.${layer}.resid_mid`])]) {
          const { captures } = await run(corrupted, [], [hookPoint]);
          const offset = captures.get(hookPoint)!.data;
          const patch: Tap = { hookPoint, row: 0, change: () => ({ scale: new Float32Array(offset.length), offset }) };
          const { logits } = await run(clean, [patch]);
          expect(maxDifference(logits, expected.logits), hookPoint).toBeLessThan(1e-4);
        }
      }
    });

    test('rows with blocks, attention maps and unknown names are refused', async () => {
      await expect(runner.run([{ ...detached([1]), blockTable: [0] }], { taps: [tap('hidden_states.0', 0, 0)] })).rejects.toThrow(
        'without blocks',
      );
      for (const hookPoint of ['attentions.0', 'layers.0.nothing'])
        await expect(runner.run([detached(clean)], { taps: [{ ...tap('hidden_states.0', 0, 0), hookPoint }] })).rejects.toThrow(
          'a hook point that can be changed',
        );
    });
  });
});
