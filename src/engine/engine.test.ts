/** The engine's behaviour, case by case. */
import { describe, expect, test } from 'vitest';
import { lru } from '../patchable/memory/index.ts';
import sample from '../patchable/sampler/default.ts';
import { fcfs } from '../patchable/scheduler/index.ts';
import {
  ConfigConflictError,
  DuplicateGenerationError,
  Engine,
  EngineFailedError,
  GenerationFinishedError,
  InfeasibleRequestError,
  MemoryBlockStore,
  OutOfBlocksError,
  QueueFullError,
  UnknownGenerationError,
  type EngineEvent,
  type EngineOptions,
  type TokenEvent,
} from './index.ts';
import { expectedTokens, HashRunner } from './testing/hash-runner.ts';

const greedy = { temperature: 0 };
const prompt = [1, 2, 3, 4, 5];

/** An engine driven by hand; `steps(n)` takes n steps, `drain` all. */
function manual(options: Partial<EngineOptions> = {}, runner = new HashRunner({ numBlocks: 32, blockSize: 4 })) {
  const engine = new Engine(runner, { policy: fcfs, eviction: lru, sample, drive: 'manual', ...options });
  const events: EngineEvent[] = [];
  engine.subscribe((event) => events.push(event));
  const steps = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await engine.step();
  };
  const drain = async (): Promise<void> => {
    for (let i = 0; i < 1000; i++) if (!(await engine.step())) return;
    throw new Error('still going');
  };
  return { engine, runner, events, steps, drain };
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('generate', () => {
  test('streams the tokens that a run alone would give', async () => {
    const engine = new Engine(new HashRunner({ numBlocks: 32, blockSize: 4 }), { policy: fcfs, eviction: lru, sample });
    const { events, result } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    const streamed: TokenEvent[] = [];
    for await (const event of events) streamed.push(event);
    const { completions, timings } = await result;
    expect(streamed.map(({ tokenId }) => tokenId)).toEqual(expectedTokens(1, prompt, 11, 16));
    expect(completions[0]!.tokenIds).toEqual(streamed.map(({ tokenId }) => tokenId));
    expect(streamed.at(-1)!.finishReason).toBe('length');
    expect(timings.ttftMs).toBeGreaterThanOrEqual(0);
    await engine.idle();
    expect(engine.stats().memory.referencedBlocks).toBe(0);
  });

  test('serves many at once, and sleeps and wakes by itself', async () => {
    const engine = new Engine(new HashRunner({ numBlocks: 32, blockSize: 4 }), { policy: fcfs, eviction: lru, sample });
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, i) => engine.generate({ promptTokenIds: [i, ...prompt], maxNewTokens: 5, sampling: greedy }).result),
      );
      results.forEach(({ completions }, i) => expect(completions[0]!.tokenIds).toEqual(expectedTokens(1, [i, ...prompt], 11, 16)));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const batches = engine.history().map(({ features }) => features.batchSize);
    expect(Math.max(...batches)).toBe(8);
    await engine.stop();
  });

  test('ends at an end-of-sequence token, at the hook, and at the end of the context', async () => {
    const { engine, drain } = manual({}, new HashRunner({ numBlocks: 32, blockSize: 4, context: 12 }));
    const tokens = expectedTokens(1, prompt, 12, 16);
    const eos = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy, eosTokenIds: [tokens[2]!] });
    const hook = engine.generate({
      promptTokenIds: prompt,
      maxNewTokens: 6,
      sampling: greedy,
      onToken: ({ tokenIds }) => (tokenIds.length === 7 ? 'stop' : 'continue'),
    });
    const context = engine.generate({ promptTokenIds: prompt, maxNewTokens: 100, sampling: greedy });
    const broken = engine.generate({
      promptTokenIds: prompt,
      maxNewTokens: 6,
      sampling: greedy,
      onToken: () => {
        throw new Error('no text for this');
      },
    });
    await drain();
    expect((await eos.result).completions[0]).toMatchObject({
      finishReason: 'stop',
      tokenIds: tokens.slice(0, tokens.indexOf(tokens[2]!) + 1),
    });
    expect((await hook.result).completions[0]).toMatchObject({ finishReason: 'stop', tokenIds: tokens.slice(0, 2) });
    expect((await context.result).completions[0]).toMatchObject({ finishReason: 'length', tokenIds: tokens });
    expect((await broken.result).completions[0]).toMatchObject({ finishReason: 'error', error: 'The token hook threw: no text for this' });
    expect(engine.decisionsOf(context.id).at(-1)).toMatchObject({ action: 'finish', constraint: { name: 'context', limit: 12 } });
  });

  test('parallel samples share the prompt’s blocks and copy only what they write', async () => {
    const { engine, steps, drain } = manual();
    const { result } = engine.generate({ promptTokenIds: [...prompt, 6], maxNewTokens: 4, n: 3, sampling: { temperature: 1, seed: 5 } });
    await steps(1);
    expect(engine.stats()).toMatchObject({ numRunning: 3, memory: { referencedBlocks: 2 } });
    await steps(1);
    // One full block is shared by three, the half-full one was copied for two of them.
    expect(engine.stats().memory).toMatchObject({ referencedBlocks: 4, copies: 2 });
    await drain();
    const outputs = (await result).completions.map(({ tokenIds }) => tokenIds.join());
    expect(new Set(outputs).size).toBe(3);
  });

  test('a seed gives the same tokens whatever else runs', async () => {
    const outputs: number[][] = [];
    for (const others of [0, 5]) {
      const { engine, drain } = manual({ tokenBudget: 7 });
      for (let i = 0; i < others; i++) engine.generate({ promptTokenIds: [i, 2], maxNewTokens: 9 });
      const { result } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 8, sampling: { temperature: 1, seed: 11 } });
      await drain();
      outputs.push((await result).completions[0]!.tokenIds);
    }
    expect(outputs[1]).toEqual(outputs[0]);
  });

  test('log-probabilities come with the tokens', async () => {
    const { engine, drain } = manual();
    const { result } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 2, sampling: { temperature: 0, logprobs: 3 } });
    await drain();
    const { logprobs, tokenIds } = (await result).completions[0]!;
    expect(logprobs).toHaveLength(2);
    expect(logprobs[0]).toMatchObject({ tokenId: tokenIds[0]!, top: [{ tokenId: tokenIds[0]! }, {}, {}] });
  });
});

describe('refusals say the numbers', () => {
  test('a full queue', () => {
    const { engine } = manual({ queueLimit: 2 });
    engine.generate({ promptTokenIds: [1], maxNewTokens: 1 });
    engine.generate({ promptTokenIds: [1], maxNewTokens: 1 });
    expect(thrownBy(() => engine.generate({ id: 'third', promptTokenIds: [1], maxNewTokens: 1 }))).toMatchObject({
      constructor: QueueFullError,
      waiting: 2,
      limit: 2,
    });
    expect(engine.decisionsOf('third')).toMatchObject([{ action: 'refuse', constraint: { name: 'queue_limit', limit: 2 } }]);
  });

  test.each([
    [{ promptTokenIds: [], maxNewTokens: 1 }, 'empty_prompt'],
    [{ promptTokenIds: [1, 99], maxNewTokens: 1 }, 'token_out_of_range'],
    [{ promptTokenIds: new Array<number>(64).fill(1), maxNewTokens: 1 }, 'context_exceeded'],
    [{ promptTokenIds: [1], maxNewTokens: 40 }, 'out_of_blocks'],
    [{ promptTokenIds: [1], maxNewTokens: 0 }, 'invalid_parameter'],
  ])('%j', (request, reason) => {
    const { engine } = manual({}, new HashRunner({ numBlocks: 8, blockSize: 4 }));
    expect(thrownBy(() => engine.generate(request))).toMatchObject({ constructor: InfeasibleRequestError, reason });
    expect(engine.list()).toHaveLength(0);
  });

  test('an id twice', () => {
    const { engine } = manual();
    engine.generate({ id: 'a', promptTokenIds: [1], maxNewTokens: 1 });
    expect(() => engine.generate({ id: 'a', promptTokenIds: [1], maxNewTokens: 1 })).toThrow(DuplicateGenerationError);
  });
});

describe('cancel', () => {
  test('frees the blocks at once and tells what was saved', async () => {
    const { engine, steps, drain } = manual();
    const { id, result, events } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 10, n: 2, sampling: greedy });
    await steps(3);
    expect(engine.cancel(id)).toEqual({ id, completionTokens: 6, tokensSaved: 14, blocksFreed: 3 });
    expect(engine.stats().memory.referencedBlocks).toBe(0);
    await drain();
    const streamed: TokenEvent[] = [];
    for await (const event of events) streamed.push(event);
    expect(streamed).toHaveLength(6);
    expect((await result).completions.map(({ finishReason }) => finishReason)).toEqual(['cancelled', 'cancelled']);
    expect(() => engine.cancel(id)).toThrow(GenerationFinishedError);
    expect(() => engine.cancel('nobody')).toThrow(UnknownGenerationError);
  });

  test('in mid-run: the step ends without the sequence', async () => {
    const runner = new HashRunner({ numBlocks: 32, blockSize: 4 });
    const { engine, drain } = manual({}, runner);
    const one = engine.generate({ promptTokenIds: prompt, maxNewTokens: 10, sampling: greedy });
    const two = engine.generate({ promptTokenIds: [9, ...prompt], maxNewTokens: 4, sampling: greedy });
    runner.onRun = () => {
      if (runner.numRuns === 2) engine.cancel(one.id);
    };
    await drain();
    expect((await one.result).completions[0]).toMatchObject({ finishReason: 'cancelled', tokenIds: { length: 1 } });
    expect((await two.result).completions[0]!.tokenIds).toEqual(expectedTokens(1, [9, ...prompt], 10, 16));
    expect(engine.stats().memory.referencedBlocks).toBe(0);
  });
});

describe('a run that fails', () => {
  test('is replayed from the tokens, and nobody notices', async () => {
    const runner = new HashRunner({ numBlocks: 32, blockSize: 4 });
    const { engine, events, drain } = manual({}, runner);
    const all = [[1, 2], prompt, [7, 7, 7]].map((promptTokenIds) => ({
      promptTokenIds,
      ...engine.generate({ promptTokenIds, maxNewTokens: 6, sampling: greedy }),
    }));
    runner.onRun = () => {
      if (runner.numRuns !== 3) return;
      runner.pool.lose();
      throw new Error('device lost');
    };
    await drain();
    for (const { promptTokenIds, result } of all)
      expect((await result).completions[0]!.tokenIds).toEqual(expectedTokens(1, promptTokenIds, promptTokenIds.length + 6, 16));
    expect(events.find(({ type }) => type === 'run_failed')).toMatchObject({
      message: 'device lost',
      recovered: true,
      replayed: { length: 3 },
    });
  });

  test('over and over because of one sequence: only that one ends with an error', async () => {
    const runner = new HashRunner({ numBlocks: 32, blockSize: 4 });
    const { engine, drain } = manual({}, runner);
    const poison = engine.generate({ promptTokenIds: [13, 13, 13], maxNewTokens: 6, sampling: greedy });
    const others = [[1, 2], prompt].map((promptTokenIds) => ({
      promptTokenIds,
      ...engine.generate({ promptTokenIds, maxNewTokens: 6, sampling: greedy }),
    }));
    runner.onRun = (rows) => {
      if (rows.some(({ tokenIds }) => Array.from(tokenIds).join() === '13,13,13')) throw new Error('this prompt crashes');
    };
    await drain();
    expect((await poison.result).completions[0]).toMatchObject({
      finishReason: 'error',
      error: 'The run failed 4 times: this prompt crashes',
    });
    for (const { promptTokenIds, result } of others)
      expect((await result).completions[0]!.tokenIds).toEqual(expectedTokens(1, promptTokenIds, promptTokenIds.length + 6, 16));
  });

  test('moves to another runner that `recover` gives, even with a smaller pool', async () => {
    const runner = new HashRunner({ numBlocks: 32, blockSize: 4 });
    const next = new HashRunner({ numBlocks: 8, blockSize: 2 });
    const { engine, drain } = manual({ recover: async () => ({ runner: next, poolIntact: false }) }, runner);
    const { result } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    const tooLong = engine.generate({ promptTokenIds: prompt, maxNewTokens: 30, sampling: greedy });
    runner.onRun = () => {
      if (runner.numRuns === 3) throw new Error('device lost');
    };
    await drain();
    expect((await result).completions[0]!.tokenIds).toEqual(expectedTokens(1, prompt, 11, 16));
    expect((await tooLong.result).completions[0]!.error).toContain('need 17 KV blocks of 2 tokens; the pool has 8');
    expect(engine.config).toMatchObject({ numBlocks: 8, blockSize: 2 });
  });

  test('without a way back ends everything, until a new runner comes', async () => {
    const runner = new HashRunner({ numBlocks: 32, blockSize: 4 });
    const { engine, drain } = manual({ recover: () => Promise.reject(new Error('no adapter')) }, runner);
    const { result } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6 });
    runner.onRun = () => {
      throw new Error('device lost');
    };
    await drain();
    expect((await result).completions[0]).toMatchObject({
      finishReason: 'error',
      error: 'The runner failed: device lost; no recovery: no adapter',
    });
    expect(() => engine.generate({ promptTokenIds: prompt, maxNewTokens: 6 })).toThrow(EngineFailedError);
    await engine.replaceRunner(new HashRunner({ numBlocks: 32, blockSize: 4, seed: 2 }), 'other weights');
    const again = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    await drain();
    expect((await again.result).completions[0]!.tokenIds).toEqual(expectedTokens(2, prompt, 11, 16));
  });

  test('a tier that refuses a block costs a recomputation, and is closed', async () => {
    const broken = {
      name: 'disk',
      write: () => Promise.reject(new Error('quota exceeded')),
      read: () => Promise.reject(new Error('gone')),
    };
    const { engine, events, drain } = manual(
      { preemption: 'swap', watermark: 0, tiers: [{ name: 'disk', capacityBlocks: 50, store: broken }] },
      new HashRunner({ numBlocks: 6, blockSize: 4 }),
    );
    const all = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ].map((promptTokenIds) => ({ promptTokenIds, ...engine.generate({ promptTokenIds, maxNewTokens: 14, sampling: greedy }) }));
    await drain();
    for (const { promptTokenIds, result } of all)
      expect((await result).completions[0]!.tokenIds).toEqual(expectedTokens(1, promptTokenIds, 17, 16));
    expect(events.find(({ type }) => type === 'tier_failed')).toMatchObject({ tier: 'disk', message: 'quota exceeded' });
    expect(engine.stats().memory.tiers).toEqual([{ name: 'disk', capacityBlocks: 50, usedBlocks: 0, error: 'quota exceeded' }]);
  });
});

describe('weights and code', () => {
  test('a swap of weights ends what runs, with a reason, and drops the cache', async () => {
    const { engine, steps, drain } = manual();
    const old = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    await steps(2);
    await engine.replaceRunner(new HashRunner({ numBlocks: 16, blockSize: 4, seed: 2 }), 'new');
    expect((await old.result).completions[0]).toMatchObject({
      finishReason: 'error',
      error: 'The weights were replaced.',
      superseded: true,
    });
    const fresh = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    await drain();
    expect(await fresh.result).toMatchObject({ cachedTokens: 0, completions: [{ tokenIds: expectedTokens(2, prompt, 11, 16) }] });
  });

  test('a new revision recomputes what runs; the cache of the old one comes back with it', async () => {
    const { engine, runner, steps, drain } = manual({ codeRevision: 'a' });
    const first = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    await steps(2);
    await engine.setRevision('b', 'replay', async () => void (runner.seed = 9));
    await drain();
    const head = expectedTokens(1, prompt, 7, 16);
    expect((await first.result).completions[0]!.tokenIds).toEqual([...head, ...expectedTokens(9, [...prompt, ...head], 11, 16)]);
    await engine.setRevision('a', 'replay', async () => void (runner.seed = 1));
    const again = engine.generate({ promptTokenIds: prompt, maxNewTokens: 6, sampling: greedy });
    await drain();
    expect(await again.result).toMatchObject({ cachedTokens: 4, completions: [{ tokenIds: expectedTokens(1, prompt, 11, 16) }] });
  });
});

describe('memory', () => {
  test('allocations hold blocks of the same pool until they are freed', async () => {
    const { engine, drain } = manual({}, new HashRunner({ numBlocks: 8, blockSize: 4 }));
    const { id, blocks, bytes } = engine.allocate(26);
    expect({ blocks: blocks.length, bytes }).toEqual({ blocks: 7, bytes: 7 * 16 });
    expect(thrownBy(() => engine.allocate(5))).toMatchObject({ constructor: OutOfBlocksError, needed: 2, available: 1 });
    const waiting = engine.generate({ promptTokenIds: prompt, maxNewTokens: 2, sampling: greedy });
    await drain();
    expect(engine.get(waiting.id)!.state).toBe('waiting');
    expect(engine.decisionsOf(waiting.id).at(-1)).toMatchObject({
      action: 'wait',
      constraint: { name: 'free_blocks', needed: 2, available: 1, limit: 8 },
    });
    expect(engine.free(id)).toBe(7);
    await drain();
    expect(engine.get(waiting.id)!.state).toBe('finished');
  });

  test('a prefix hit is computed once', async () => {
    const { engine, drain } = manual();
    const long = Array.from({ length: 20 }, (_, i) => i % 16);
    const results = [];
    for (let i = 0; i < 2; i++) {
      const { result } = engine.generate({ promptTokenIds: long, maxNewTokens: 3, sampling: greedy });
      await drain();
      results.push(await result);
    }
    expect(results[1]!.cachedTokens).toBe(16);
    expect(results[1]!.completions[0]!.tokenIds).toEqual(results[0]!.completions[0]!.tokenIds);
    expect(engine.stats().promptTokensComputed).toBe(24);
  });

  test('swapped sequences lie in the tiers, fastest first', async () => {
    const tiers = [
      { name: 'cpu', capacityBlocks: 2, store: new MemoryBlockStore() },
      { name: 'disk', capacityBlocks: 9, store: new MemoryBlockStore('disk') },
    ];
    const { engine, events, drain } = manual(
      { preemption: 'swap', watermark: 0, prefixCaching: false, tiers },
      new HashRunner({ numBlocks: 6, blockSize: 4 }),
    );
    const used = new Set<string>();
    engine.subscribe(() => engine.memoryMap().swapped.forEach(({ slots }) => used.add(slots.map(({ tier }) => tier).join())));
    const all = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ].map((promptTokenIds) => ({ promptTokenIds, ...engine.generate({ promptTokenIds, maxNewTokens: 14, sampling: greedy }) }));
    await drain();
    for (const { promptTokenIds, result } of all)
      expect((await result).completions[0]!.tokenIds).toEqual(expectedTokens(1, promptTokenIds, 17, 16));
    expect([...used].some((tierNames) => tierNames.includes('cpu,cpu'))).toBe(true);
    expect(engine.stats().memory).toMatchObject({ swapsOut: engine.stats().memory.swapsIn, tiers: [{ usedBlocks: 0 }, { usedBlocks: 0 }] });
    expect(
      events.flatMap((event) => (event.type === 'step' ? event.record.decisions : [])).filter(({ action }) => action === 'swap_out')[0],
    ).toMatchObject({ constraint: { name: 'free_blocks', needed: 1, available: 0, limit: 6 } });
  });
});

describe('configure', () => {
  test('changes everything that can migrate while requests run', async () => {
    const { engine, steps, drain } = manual({}, new HashRunner({ numBlocks: 16, blockSize: 4 }));
    const all = Array.from({ length: 4 }, (_, i) => ({
      promptTokenIds: [i, ...prompt],
      ...engine.generate({ promptTokenIds: [i, ...prompt], maxNewTokens: 8, sampling: greedy }),
    }));
    await steps(2);
    for (const id of engine
      .list()
      .slice(0, 2)
      .map(({ id }) => id))
      engine.cancel(id);
    await engine.configure({
      numBlocks: 8,
      maxNumSeqs: 1,
      tokenBudget: 3,
      chunkSize: 2,
      mode: 'mixed',
      prefixCaching: false,
      watermark: 0.1,
    });
    await drain();
    for (const { promptTokenIds, result } of all.slice(2))
      expect((await result).completions[0]!.tokenIds).toEqual(expectedTokens(1, promptTokenIds, 14, 16));
  });

  test('or says what is in the way, and changes nothing', async () => {
    const { engine, steps } = manual({}, new HashRunner({ numBlocks: 16, blockSize: 4 }));
    engine.generate({ promptTokenIds: prompt, maxNewTokens: 30 });
    await steps(1);
    const before = engine.config;
    const conflicts: [object, string][] = [
      [{ numBlocks: 4 }, 'numBlocks'],
      [{ numBlocks: 99 }, 'numBlocks'],
      [{ blockSize: 8 }, 'blockSize'],
      [{ tokenBudget: 0 }, 'tokenBudget'],
      [{ watermark: 1 }, 'watermark'],
      [{ policyParameters: { ageing: 1 } }, 'policyParameters'],
    ];
    for (const [changes, field] of conflicts) {
      const conflict = await engine.configure(changes).catch((thrown: unknown) => thrown);
      expect(conflict).toBeInstanceOf(ConfigConflictError);
      expect(conflict).toMatchObject({ field });
    }
    expect(engine.config).toEqual(before);
  });
});

describe('patched code that fails', () => {
  test('a policy that throws is told, and requests go on in order of arrival', async () => {
    const { engine, events, drain } = manual({
      policy: {
        name: 'bad',
        rule: 'None.',
        parameters: {},
        create: () => ({
          rank: () => {
            throw new Error('oops');
          },
        }),
      },
    });
    const { result } = engine.generate({ promptTokenIds: prompt, maxNewTokens: 3, sampling: greedy });
    await drain();
    expect((await result).completions[0]!.tokenIds).toHaveLength(3);
    expect(events.find(({ type }) => type === 'patched_code_failed')).toMatchObject({
      resource: 'scheduler.policy',
      message: 'Policy bad failed: oops.',
    });
  });

  test('a sampler that gives nonsense ends its sequence, not the engine', async () => {
    const { engine, drain } = manual({ sample: (logits, context) => (context.tokenIds[0] === 1 ? -5 : sample(logits, context)) });
    const bad = engine.generate({ promptTokenIds: [1, 2], maxNewTokens: 3 });
    const good = engine.generate({ promptTokenIds: [2, 2], maxNewTokens: 3 });
    await drain();
    expect((await bad.result).completions[0]).toMatchObject({
      finishReason: 'error',
      error: 'The sampler gave -5; a token id is a whole number in 0 … 15.',
    });
    expect((await good.result).completions[0]!.finishReason).toBe('length');
  });
});
