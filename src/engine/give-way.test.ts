/** Preemption by policy: who is put before a running one has its seat at the next step, and nobody leaves in vain. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lru } from '../patchable/memory/index.ts';
import sample from '../patchable/sampler/default.ts';
import edf from '../patchable/scheduler/edf.ts';
import fcfs from '../patchable/scheduler/fcfs.ts';
import priority from '../patchable/scheduler/priority.ts';
import sjf from '../patchable/scheduler/sjf.ts';
import { Engine, type EngineConfig, type GenerationRequest, MemoryBlockStore, type PolicySource } from './index.ts';
import { HashRunner } from './testing/hash-runner.ts';

function open(policy: PolicySource, config: Partial<EngineConfig> = {}, tierBlocks = 0) {
  const runner = new HashRunner({ numBlocks: config.numBlocks ?? 64, blockSize: 4, context: 100 });
  let nowMs = 0;
  const tiers = tierBlocks > 0 ? [{ name: 'cpu', store: new MemoryBlockStore(), capacityBlocks: tierBlocks }] : [];
  const engine = new Engine(runner, { policy, eviction: lru, sample, drive: 'manual', now: () => nowMs, tiers, ...config });
  return { engine, step: async () => (nowMs++, engine.step()) };
}
const request = (id: string, more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  id,
  promptTokenIds: [1, 2, 3, 4, 5],
  maxNewTokens: 20,
  ...more,
});
const states = (engine: Engine) => Object.fromEntries(engine.list().map(({ id, state }) => [id, state]));

describe.each([
  ['priority', priority, { priority: 5 }, { priority: -5 }],
  ['edf', edf, { deadlineMs: 90_000 }, { deadlineMs: 100 }],
  ['edf over none', edf, {}, { deadlineMs: 100 }],
  ['sjf, told to', sjf, { maxNewTokens: 60 }, { maxNewTokens: 4 }],
] as const)('%s', (_, policy, later, sooner) => {
  const told = policy === sjf ? { policyParameters: { preemptive: 1 } } : {};

  test('takes the only seat at the next step, and gives it back', async () => {
    const { engine, step } = open(policy, { maxNumSeqs: 1, ...told });
    const low = engine.generate(request('low', later));
    for (let i = 0; i < 4; i++) await step();
    const high = engine.generate(request('high', sooner));
    await step();
    expect(states(engine)).toEqual({ low: 'waiting', high: 'running' });
    const [gaveWay, took] = ['low', 'high'].map((id) => engine.decisionsOf(id).at(-1)!);
    expect(gaveWay).toMatchObject({
      action: 'preempt',
      constraint: { name: 'max_num_seqs', limit: 1 },
      rule: expect.stringContaining('Gives way') as string,
    });
    expect(took).toMatchObject({ action: 'admit' });
    while (await step());
    const results = await Promise.all([low.result, high.result]);
    expect(results.map(({ preemptions }) => preemptions)).toEqual([1, 0]);
    expect(results[1]!.timings.e2eMs).toBeLessThan(results[0]!.timings.e2eMs);
  });

  test('lets who runs go on where it is told not to preempt', async () => {
    const { engine, step } = open(policy, { maxNumSeqs: 1, policyParameters: { preemptive: 0 } });
    engine.generate(request('low', later));
    for (let i = 0; i < 4; i++) await step();
    engine.generate(request('high', sooner));
    await step();
    expect(states(engine)).toEqual({ low: 'running', high: 'waiting' });
  });

  // What fills the pool has little left to do, and so is the shorter job.
  test.skipIf(policy === sjf)('takes blocks too, and swaps where it may', async () => {
    const { engine, step } = open(
      policy,
      { maxNumSeqs: 4, numBlocks: 16, watermark: 0, preemption: 'swap', prefixCaching: false, ...told },
      64,
    );
    engine.generate(request('low', { ...later, promptTokenIds: Array.from({ length: 55 }, () => 1), maxNewTokens: 8 }));
    for (let i = 0; i < 2; i++) await step();
    engine.generate(request('high', { ...sooner, promptTokenIds: [1, 2, 3, 4, 5, 6, 7, 1, 2], maxNewTokens: 4 }));
    await step();
    expect(states(engine)).toEqual({ low: 'swapped', high: 'running' });
    while (await step());
    expect(engine.list().every(({ finishReason }) => finishReason === 'length')).toBe(true);
  });
});

test('an equal one waits, and so does any under a policy that does not say so', async () => {
  for (const [policy, more] of [
    [priority, { priority: 3 }],
    [fcfs, { priority: -9 }],
  ] as const) {
    const { engine, step } = open(policy, { maxNumSeqs: 1 });
    engine.generate(request('first', { priority: 3 }));
    await step();
    engine.generate(request('second', more));
    await step();
    expect(states(engine)).toEqual({ first: 'running', second: 'waiting' });
  }
});

test('nobody leaves in vain', async () => {
  const { engine, step } = open(priority, { maxNumSeqs: 2, numBlocks: 16, watermark: 0, prefixCaching: false });
  engine.generate(request('urgent', { priority: -9, promptTokenIds: Array.from({ length: 40 }, () => 1), maxNewTokens: 8 }));
  engine.generate(request('low', { priority: 9, promptTokenIds: [1, 2], maxNewTokens: 6 }));
  await step();
  // With the blocks of `low` there would still be too few beside `urgent`.
  engine.generate(request('large', { priority: 0, promptTokenIds: Array.from({ length: 40 }, () => 2), maxNewTokens: 4 }));
  await step();
  expect(states(engine)).toEqual({ urgent: 'running', low: 'running', large: 'waiting' });
});

test('a policy that is made and throws is code, not a failure of the engine', () => {
  const policy: PolicySource = {
    ...fcfs,
    create: () => {
      throw new TypeError('no such thing');
    },
  };
  expect(() => open(policy)).toThrow(expect.objectContaining({ name: 'PatchedCodeError', resource: 'scheduler.policy' }));
});

test('whoever arrives, no seat stays with a less urgent one while a more urgent one waits for it', async () => {
  const arrivals = fc.array(
    fc.record({
      atStep: fc.nat(25),
      priority: fc.integer({ min: -3, max: 3 }),
      maxNewTokens: fc.integer({ min: 1, max: 12 }),
      n: fc.constantFrom(1, 1, 2),
    }),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3 }), async (requests, maxNumSeqs) => {
      const { engine, step } = open(priority, { maxNumSeqs, tokenBudget: 100 });
      for (let now = 0; now < 400; now++) {
        for (const [i, { atStep, ...more }] of requests.entries()) if (atStep === now) engine.generate(request(`r${i}`, more));
        await step();
        const record = engine.history().at(-1);
        const all = new Map(engine.list().map((status) => [status.id, status]));
        for (const waiting of record?.decisions.filter(
          ({ action, constraint }) => action === 'wait' && constraint?.name === 'max_num_seqs',
        ) ?? []) {
          const { priority: own, sequences } = all.get(waiting.requestId)!;
          // A request of several samples needs several seats, which may not be there.
          if (requests[Number(waiting.requestId.slice(1))]!.n > 1 || sequences.length > 1) continue;
          const ran = record!.decisions.filter(({ action }) => action === 'decode' || action === 'chunk');
          for (const { requestId } of ran) expect(all.get(requestId)!.priority).toBeLessThanOrEqual(own);
        }
      }
      expect(engine.list().every(({ finishReason }) => finishReason === 'length')).toBe(true);
    }),
    { numRuns: 60 },
  );
});
