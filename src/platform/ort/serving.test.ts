/**
 * Greedy outputs do not depend on how they are served: 64 mixed requests under every mode, chunk size, cache and preemption, on WASM. Each policy
 * meets all of them, one of them in every combination; all policies do on the reference runtime (`platform/reference`).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GenerationResult } from '../../engine/index.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import { createOrtRunner, type OrtRunner } from './index.ts';
import { fixtureFolder } from './testing/fixture.ts';
import { mixedRequests, serveAlone, serveTogether, type Setting } from './testing/serving-check.ts';

/** Logits closer than this may change places: the runtime's kernels may sum in another order. */
const TIE = 1e-4;
const BLOCK_SIZE = 4;
/** Holds three of the longest requests. */
const NUM_BLOCKS = 72;

const requests = mixedRequests(64, 101);
let runner: OrtRunner;
let alone: GenerationResult[];
beforeAll(async () => {
  runner = await createOrtRunner({
    folder: fixtureFolder('llama-gqa-tied'),
    provider: 'wasm',
    numBlocks: NUM_BLOCKS,
    blockSize: BLOCK_SIZE,
  });
  alone = await serveAlone(runner, requests);
});
afterAll(() => runner.dispose());

const SETTINGS: (Setting & { name: string })[] = (['decode_first', 'prefill_first', 'mixed'] as const).flatMap((mode) =>
  [5, 64].flatMap((chunkSize) =>
    [true, false].flatMap((prefixCaching) =>
      (['recompute', 'swap'] as const).map((preemption) => ({
        name: `${mode}, chunks of ${chunkSize}, ${prefixCaching ? 'prefix cache' : 'no cache'}, ${preemption}`,
        ...{ mode, chunkSize, prefixCaching, preemption, tokenBudget: 96, maxNumSeqs: 12 },
      })),
    ),
  ),
);

/** Two of each mode's eight that are opposites in everything else, other ones for the next policy. */
const settingsOf = (index: number): typeof SETTINGS =>
  SETTINGS.filter((_, i) => {
    const pair = (index + Math.floor(i / 8)) % 4;
    return index === 0 || i % 8 === pair || i % 8 === 7 - pair;
  });

describe.each(POLICIES.map((policy, index) => ({ policy, index, name: policy.name })))('$name', ({ policy, index }) => {
  test.each(settingsOf(index))('$name', async ({ name: _, ...setting }) => {
    const served = await serveTogether(runner, requests, alone, { ...setting, policy });
    for (const divergence of served.divergences) {
      console.info(divergence);
      expect(divergence.gap).toBeLessThan(TIE);
    }
    expect(served.heldBlocks).toBe(0);
    // What the setting is there for did happen.
    expect(served.preemptions).toBeGreaterThan(0);
    expect(served.swappedBlocks > 0).toBe(setting.preemption === 'swap');
    expect(served.prefixHitTokens > 0).toBe(setting.prefixCaching);
  });
});

test.each(['paged', 'dynamic', 'static'] as const)('strategy %s', async (strategy) => {
  const served = await serveTogether(runner, requests, alone, { strategy, preemption: 'swap', maxNumSeqs: 12, tokenBudget: 96 });
  expect(served.divergences.filter(({ gap }) => gap >= TIE)).toEqual([]);
  expect(served.heldBlocks).toBe(0);
});

test('a divergence is told with its place and its gap', async () => {
  const other = alone.map((result, i) =>
    i === 5
      ? { ...result, completions: result.completions.map((each) => ({ ...each, tokenIds: [...each.tokenIds.slice(0, -1), 1] })) }
      : result,
  );
  const { divergences } = await serveTogether(runner, requests, other, {});
  expect(divergences).toMatchObject([{ request: 5, position: alone[5]!.completions[0]!.tokenIds.length - 1, alone: 1 }]);
});
