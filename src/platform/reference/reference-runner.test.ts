/** The reference runtime, and greedy generation on it: the same under every policy, mode, chunk size, cache setting and preemption as alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Engine, MemoryBlockStore, randomAt, type EngineOptions } from '../../engine/index.ts';
import { EVICTION_RULES, lru } from '../../patchable/memory/index.ts';
import sample from '../../patchable/sampler/default.ts';
import { fcfs, POLICIES } from '../../patchable/scheduler/index.ts';
import { TINY_CONFIG } from './random-weights.ts';
import { ReferenceRunner } from './reference-runner.ts';

const { vocabSize, maxPositionEmbeddings } = TINY_CONFIG;

interface Prompt {
  promptTokenIds: number[];
  maxNewTokens: number;
}

/** Prompts of different lengths, half of them with one of two shared beginnings. */
function mixedPrompts(count: number, seed = 3): Prompt[] {
  const random = randomAt(seed, 0, 0);
  const token = (): number => Math.floor(random() * vocabSize);
  const prefixes = [Array.from({ length: 9 }, token), Array.from({ length: 6 }, token)];
  return Array.from({ length: count }, (_, i) => ({
    promptTokenIds: [...(i % 2 ? prefixes[(i >> 1) % 2]! : []), ...Array.from({ length: 1 + Math.floor(random() * 8) }, token)],
    maxNewTokens: 1 + Math.floor(random() * 10),
  }));
}

/** Greedy tokens without engine, blocks or cache: every step computes everything. */
async function alone(runner: ReferenceRunner, { promptTokenIds, maxNewTokens }: Prompt): Promise<number[]> {
  const tokenIds = [...promptTokenIds];
  while (tokenIds.length < Math.min(promptTokenIds.length + maxNewTokens, maxPositionEmbeddings)) {
    const { logits } = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'last' }]);
    tokenIds.push(logits[0]!.indexOf(Math.max(...logits[0]!)));
  }
  return tokenIds.slice(promptTokenIds.length);
}

/** All prompts at once through the engine, which has room for some of them only. */
async function together(
  runner: ReferenceRunner,
  prompts: readonly Prompt[],
  options: Partial<EngineOptions>,
): Promise<{ outputs: number[][]; engine: Engine }> {
  let nowMs = 0;
  const engine = new Engine(runner, {
    policy: fcfs,
    eviction: lru,
    sample,
    drive: 'manual',
    watermark: 0,
    now: () => (nowMs += 1),
    ...options,
  });
  const results = prompts.map(
    (prompt, i) =>
      engine.generate({ ...prompt, sampling: { temperature: 0 }, priority: i % 3, client: `client ${i % 2}`, deadlineMs: 1000 - 7 * i })
        .result,
  );
  while (await engine.step());
  const outputs = (await Promise.all(results)).map(({ completions }) => completions[0]!.tokenIds);
  return { outputs, engine };
}

const POOL = { numBlocks: 14, blockSize: 3 };

describe('the forward pass', () => {
  const tokenIds = [3, 1, 4, 1, 5, 9, 2, 6, 5];

  test('gives the same logits, to the bit, however the tokens are cut', async () => {
    const runner = new ReferenceRunner(POOL);
    const whole = (await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'all' }])).logits[0]!;
    for (const size of [1, 2, 4, 9]) {
      for (let past = 0; past < tokenIds.length; past += size) {
        const chunk = tokenIds.slice(past, past + size);
        const { logits } = await runner.run([{ tokenIds: chunk, past, blockTable: [5, 2, 11], logits: 'all' }]);
        expect(logits[0]).toEqual(whole.subarray(past * vocabSize, (past + chunk.length) * vocabSize));
      }
    }
  });

  test('depends on every key and value before', async () => {
    const runner = new ReferenceRunner(POOL);
    const blockTable = [0, 1, 2];
    await runner.run([{ tokenIds: tokenIds.slice(0, 8), past: 0, blockTable, logits: 'none' }]);
    const last = { tokenIds: tokenIds.slice(8), past: 8, blockTable, logits: 'last' } as const;
    const before = (await runner.run([last])).logits[0]!;
    runner.pool.copyBlock(1, 0);
    expect((await runner.run([last])).logits[0]).not.toEqual(before);
    expect((await runner.run([{ ...last, blockTable: [0, 1, 9] }])).logits[0]!.some(Number.isNaN)).toBe(true);
  });

  test('shows hidden states and attention maps', async () => {
    const runner = new ReferenceRunner(POOL);
    const capture = ['hidden_states.0', 'hidden_states.1', 'attentions.0'];
    const { captures } = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'none' }], { capture });
    const attention = captures[0]!.get('attentions.0')!;
    expect(attention.shape).toEqual([2, 9, 9]);
    for (let row = 0; row < 18; row++) {
      const weights = attention.data.subarray(row * 9, row * 9 + 9);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      expect(weights.subarray((row % 9) + 1).every((weight) => weight === 0)).toBe(true);
    }
    expect(captures[0]!.get('hidden_states.1')!.shape).toEqual([9, 8]);
  });

  test('blocks survive the way out and back', async () => {
    const { pool, ...runner } = new ReferenceRunner(POOL);
    void runner;
    pool.access([4]).key(0, 1).set([1, 2, 3, 4]);
    const bytes = await pool.readBlock(4);
    expect(bytes).toHaveLength(pool.blockBytes);
    pool.lose();
    pool.writeBlock(7, bytes);
    expect([...pool.access([7]).key(0, 1)]).toEqual([1, 2, 3, 4]);
  });
});

describe('greedy output together = alone', () => {
  const tiers = () => [{ name: 'cpu', capacityBlocks: 8, store: new MemoryBlockStore() }];
  const combinations = POLICIES.flatMap((policy) =>
    (['prefill_first', 'decode_first', 'mixed'] as const).flatMap((mode) =>
      [1, 5, 64].flatMap((chunkSize) =>
        [true, false].flatMap((prefixCaching) =>
          (['recompute', 'swap'] as const).map((preemption) => ({ policy, mode, chunkSize, prefixCaching, preemption })),
        ),
      ),
    ),
  );

  test.each(POLICIES.map(({ name }) => name))(
    'policy %s under every mode, chunk size, cache setting and preemption',
    { timeout: 60_000 },
    async (name) => {
      const prompts = mixedPrompts(64);
      const expected = await Promise.all(prompts.map((prompt) => alone(new ReferenceRunner(POOL), prompt)));
      let preemptions = 0;
      for (const { policy, ...options } of combinations.filter((combination) => combination.policy.name === name)) {
        const { outputs, engine } = await together(new ReferenceRunner(POOL), prompts, {
          policy,
          ...options,
          maxNumSeqs: 8,
          tokenBudget: 24,
          tiers: tiers(),
        });
        expect(outputs, JSON.stringify(options)).toEqual(expected);
        expect(engine.stats().memory).toMatchObject({ referencedBlocks: 0, tiers: [{ usedBlocks: 0 }] });
        preemptions += engine.stats().preemptions;
      }
      expect(preemptions).toBeGreaterThan(0);
    },
  );

  test('64 mixed requests, two layers', { timeout: 60_000 }, async () => {
    const model = { ...POOL, numBlocks: 40, config: { ...TINY_CONFIG, numLayers: 2 } };
    const prompts = mixedPrompts(64);
    const expected = await Promise.all(prompts.map((prompt) => alone(new ReferenceRunner(model), prompt)));
    for (const options of [
      { preemption: 'swap', strategy: 'paged' },
      { mode: 'mixed', strategy: 'dynamic' },
      { mode: 'prefill_first', strategy: 'static' },
    ] as const) {
      const { outputs } = await together(new ReferenceRunner(model), prompts, {
        ...options,
        maxNumSeqs: 16,
        tokenBudget: 40,
        chunkSize: 7,
        tiers: tiers(),
      });
      expect(outputs).toEqual(expected);
    }
  });

  test('random workloads and configurations', { timeout: 60_000 }, async () => {
    const arbitrary = fc.record({
      seed: fc.nat(10_000),
      count: fc.integer({ min: 1, max: 5 }),
      numBlocks: fc.integer({ min: 10, max: 20 }),
      blockSize: fc.integer({ min: 2, max: 4 }),
      options: fc.record({
        policy: fc.constantFrom(...POLICIES),
        eviction: fc.constantFrom(...EVICTION_RULES),
        mode: fc.constantFrom('prefill_first' as const, 'decode_first' as const, 'mixed' as const),
        preemption: fc.constantFrom('recompute' as const, 'swap' as const),
        strategy: fc.constantFrom('paged' as const, 'dynamic' as const, 'static' as const),
        maxNumSeqs: fc.integer({ min: 1, max: 5 }),
        tokenBudget: fc.integer({ min: 1, max: 30 }),
        chunkSize: fc.integer({ min: 1, max: 12 }),
        prefixCaching: fc.boolean(),
      }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ seed, count, numBlocks, blockSize, options }) => {
        const prompts = mixedPrompts(count, seed).map((prompt) => ({ ...prompt, maxNewTokens: Math.min(prompt.maxNewTokens, 4) }));
        const runner = new ReferenceRunner({ numBlocks, blockSize });
        const expected = await Promise.all(prompts.map((prompt) => alone(runner, prompt)));
        expect((await together(runner, prompts, { ...options, tiers: tiers() })).outputs).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
