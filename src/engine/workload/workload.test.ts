/** Generators, traces, metrics, cost model and simulation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lru } from '../../patchable/memory/index.ts';
import sample from '../../patchable/sampler/default.ts';
import { fcfs, POLICIES } from '../../patchable/scheduler/index.ts';
import { Engine, type GenerationResult } from '../index.ts';
import { randomAt } from '../sampler.ts';
import { featuresOf } from '../step-plan.ts';
import { HashRunner } from '../testing/hash-runner.ts';
import { fitCostModel, measureError, predictMs, type CostModel } from './cost-model.ts';
import { arrivalTimes, generateWorkload, type Arrivals, type WorkloadSpec } from './generators.ts';
import { runLive } from './live.ts';
import { servingMetrics, summarize } from './metrics.ts';
import { simulate, type SimulationOptions } from './simulate.ts';
import { excerpt, parseAzureTrace, parseMooncakeTrace } from './traces.ts';
import { promptLength, promptTokens, scaleToContext, type Workload } from './workload.ts';

const SPEC: WorkloadSpec = {
  count: 40,
  seed: 1,
  arrivals: { kind: 'poisson', rate: 20 },
  prompt: { kind: 'lognormal', median: 20, sigma: 0.8, maximum: 60 },
  output: { kind: 'uniform', minimum: 1, maximum: 20 },
  sharedPrefix: { groups: 2, tokens: 12 },
  clients: 3,
};
const COSTS: CostModel = {
  baseMs: 1,
  msPer: { batchSize: 0.5, prefillTokens: 0.1, contextTokens: 0.001, attendedPairs: 0.0002, movedBlocks: 0.05 },
};
const SIMULATION: SimulationOptions = {
  engine: { policy: fcfs, eviction: lru, numBlocks: 64, blockSize: 4, tokenBudget: 64, maxNumSeqs: 8 },
  costModel: COSTS,
  contextTokens: 128,
};

describe('generators', () => {
  const gaps = (arrivals: Arrivals): { mean: number; variation: number } => {
    const times = arrivalTimes(arrivals, 20_000, randomAt(5, 0, 0));
    const values = times.map((time, i) => time - (times[i - 1] ?? 0));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean };
  };

  test.each([
    [{ kind: 'poisson', rate: 10 }, 1],
    [{ kind: 'gamma', rate: 10, variation: 0.5 }, 0.5],
    [{ kind: 'gamma', rate: 10, variation: 3 }, 3],
  ] satisfies [Arrivals, number][])('%j has its rate and its burstiness', (arrivals, expected) => {
    const { mean, variation } = gaps(arrivals);
    expect(Math.abs(mean - 100)).toBeLessThan(10);
    expect(Math.abs(variation - expected)).toBeLessThan(0.1 * expected + 0.05);
  });

  test('a ramp goes from one rate to the other and stays there', () => {
    const times = arrivalTimes({ kind: 'ramp', from: 10, to: 90, durationMs: 20_000 }, 3000, randomAt(5, 0, 0));
    const perSecond = (from: number, to: number): number => times.filter((time) => time >= from && time < to).length / ((to - from) / 1000);
    expect(perSecond(0, 2000)).toBeGreaterThan(8);
    expect(perSecond(0, 2000)).toBeLessThan(22);
    expect(Math.abs(perSecond(9000, 11_000) - 50)).toBeLessThan(12);
    expect(Math.abs(perSecond(21_000, 30_000) - 90)).toBeLessThan(12);
  });

  test('the same seed gives the same workload, another another', () => {
    expect(generateWorkload(SPEC)).toEqual(generateWorkload(SPEC));
    expect(generateWorkload({ ...SPEC, seed: 2 })).not.toEqual(generateWorkload(SPEC));
  });

  test('a shared prefix is shared, the rest is not', () => {
    const prompts = generateWorkload({ ...SPEC, sharedPrefix: { groups: 1, tokens: 12 } }).requests.map((request) =>
      promptTokens(request, 1 << 20),
    );
    expect(new Set(prompts.map((tokenIds) => tokenIds.slice(0, 12).join())).size).toBe(1);
    expect(new Set(prompts.map((tokenIds) => tokenIds[12])).size).toBeGreaterThan(35);
  });
});

describe('traces', () => {
  const azure = 'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109\r\n';
  const mooncake =
    '{"timestamp": 27, "input_length": 1200, "output_length": 6, "hash_ids": [0, 1, 2]}\n{"timestamp": 90, "input_length": 1100, "output_length": 4, "hash_ids": [0, 1, 9]}\n';

  test('Azure’s layout', () => {
    const { requests } = parseAzureTrace(azure);
    expect(requests.map((request) => [promptLength(request), request.outputLength])).toEqual([
      [374, 44],
      [396, 109],
    ]);
    expect(requests[1]!.arrivalMs).toBeCloseTo(4314.579, 3);
    expect(promptTokens(requests[0]!, 1000).slice(0, 9)).not.toEqual(promptTokens(requests[1]!, 1000).slice(0, 9));
  });

  test('Mooncake’s layout: equal hashes are equal tokens, scaled or not', () => {
    const workload = parseMooncakeTrace(mooncake);
    for (const { requests } of [workload, scaleToContext(workload, 200)]) {
      const [one, two] = requests.map((request) => promptTokens(request, 1 << 20));
      const shared = one!.findIndex((tokenId, i) => tokenId !== two![i]);
      expect(shared / one!.length).toBeCloseTo(1024 / 1200, 1);
      expect(requests[1]!.arrivalMs).toBe(63);
    }
  });

  test('lengths are scaled to the context, never stretched', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 8, max: 600 }),
        (lengths, context) => {
          const workload: Workload = {
            name: '',
            closedLoop: null,
            requests: lengths.map(([prompt, outputLength], i) => ({ arrivalMs: i, segments: [{ hash: i, length: prompt }], outputLength })),
          };
          scaleToContext(workload, context).requests.forEach((request, i) => {
            expect(promptLength(request) + request.outputLength).toBeLessThanOrEqual(context);
            expect(promptLength(request)).toBeLessThanOrEqual(lengths[i]![0]);
          });
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('excerpts can run faster', () => {
    expect(excerpt(parseMooncakeTrace(mooncake), 2, 9).requests.map(({ arrivalMs }) => arrivalMs)).toEqual([0, 7]);
  });
});

describe('metrics', () => {
  const result = (arrivalMs: number, tokenTimesMs: number[], finishReason: 'length' | 'cancelled' = 'length'): GenerationResult => ({
    id: '',
    completions: [
      {
        index: 0,
        tokenIds: tokenTimesMs.map(() => 0),
        finishReason,
        error: null,
        cause: null,
        superseded: false,
        logprobs: [],
        tokenTimesMs,
      },
    ],
    promptTokens: 3,
    completionTokens: tokenTimesMs.length,
    cachedTokens: 0,
    preemptions: 0,
    timings: {
      arrivalMs,
      queuedMs: 0,
      ttftMs: tokenTimesMs.length > 0 ? tokenTimesMs[0]! - arrivalMs : null,
      tpotMs: tokenTimesMs.length > 1 ? (tokenTimesMs.at(-1)! - tokenTimesMs[0]!) / (tokenTimesMs.length - 1) : null,
      e2eMs: (tokenTimesMs.at(-1) ?? arrivalMs) - arrivalMs,
    },
  });

  test('by hand', () => {
    const metrics = servingMetrics([result(0, [10, 20, 40]), result(5, [100]), result(6, [7], 'cancelled')], { ttftMs: 50 }, 2);
    expect(metrics).toMatchObject({
      makespanMs: 100,
      completed: 2,
      failed: 3,
      requestsPerSecond: 20,
      goodput: 10,
      completionTokensPerSecond: 40,
      totalTokensPerSecond: 100,
    });
    expect(metrics.ttftMs).toMatchObject({ count: 2, mean: 52.5 });
    expect(metrics.tpotMs).toMatchObject({ count: 1, mean: 15 });
    expect(metrics.itlMs).toMatchObject({ count: 2, mean: 15 });
  });

  test('quantiles lie between the nearest values', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({ count: 4, mean: 2.5, p50: 2.5, p95: 3.8499999999999996, p99: 3.9699999999999998 });
    expect(summarize([])).toBeNull();
  });

  test('goodput ≤ throughput; TTFT + Σ ITL = time of the last token', () => {
    const request = fc.tuple(fc.nat(1000), fc.array(fc.nat(50), { minLength: 1, maxLength: 8 })).map(([arrivalMs, gaps]) => {
      let timeMs = arrivalMs;
      return result(
        arrivalMs,
        gaps.map((gap) => (timeMs += gap)),
      );
    });
    const objectives = fc.record({ ttftMs: fc.nat(60), tpotMs: fc.nat(60), e2eMs: fc.nat(300) }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 9 }), objectives, (results, bounds) => {
        const { goodput, requestsPerSecond, itlMs, ttftMs, e2eMs, completed } = servingMetrics(results, bounds);
        expect(goodput).toBeLessThanOrEqual(requestsPerSecond);
        expect(completed).toBe(results.length);
        expect(ttftMs!.mean * ttftMs!.count + (itlMs ? itlMs.mean * itlMs.count : 0)).toBeCloseTo(e2eMs!.mean * e2eMs!.count, 6);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the cost model', () => {
  const random = randomAt(9, 0, 0);
  const measured = (noise: number) =>
    Array.from({ length: 300 }, () => {
      const rows = Array.from({ length: 1 + Math.floor(random() * 8) }, () => ({
        past: Math.floor(random() * 200),
        numTokens: random() < 0.2 ? 1 + Math.floor(random() * 60) : 1,
        samples: true,
      }));
      const features = featuresOf(rows, Math.floor(random() * 3));
      return { features, durationMs: predictMs(COSTS, features) * (1 + noise * (random() - 0.5)) };
    });

  test('is found again from steps that follow one', () => {
    const { model, error } = fitCostModel(measured(0));
    expect(model.baseMs).toBeCloseTo(COSTS.baseMs, 2);
    expect(model.msPer.batchSize).toBeCloseTo(COSTS.msPer.batchSize, 2);
    expect(model.msPer.prefillTokens).toBeCloseTo(COSTS.msPer.prefillTokens, 2);
    expect(error).toMatchObject({ steps: 150 });
    expect(error.rSquared).toBeGreaterThan(0.999);
  });

  test('tells how far off it is', () => {
    const { model, error } = fitCostModel(measured(0.4));
    expect(Math.abs(error.totalRelative)).toBeLessThan(0.05);
    expect(error.meanAbsoluteMs).toBeGreaterThan(0.1);
    expect(measureError(model, measured(0)).rSquared).toBeGreaterThan(0.98);
    expect(Object.values(model.msPer).every((ms) => ms >= 0)).toBe(true);
    expect(() => fitCostModel([])).toThrow('too few');
  });
});

describe('simulation', () => {
  test('takes the decisions that the live engine takes, and the time that the model says', async () => {
    for (const policy of POLICIES) {
      const workload = generateWorkload(SPEC);
      const simulated = await simulate(workload, { ...SIMULATION, engine: { ...SIMULATION.engine, policy } });

      // A runner that really computes, and takes as long as the model says on the same clock.
      let nowMs = 0;
      const runner = new HashRunner({ numBlocks: 64, blockSize: 4, context: 128, vocabSize: 4096 });
      runner.onRun = (rows) =>
        void (nowMs += predictMs(
          COSTS,
          featuresOf(
            rows.map(({ past, tokenIds, logits }) => ({ past, numTokens: tokenIds.length, samples: logits !== 'none' })),
            0,
          ),
        ));
      const engine = new Engine(runner, { ...SIMULATION.engine, policy, sample, now: () => nowMs, drive: 'manual', historySteps: 10_000 });
      const pending = [...workload.requests];
      for (;;) {
        while (pending[0] && pending[0].arrivalMs <= nowMs) {
          const request = pending.shift()!;
          engine.generate({
            promptTokenIds: promptTokens(request, 4096),
            maxNewTokens: request.outputLength,
            sampling: { temperature: 0 },
            arrivalMs: request.arrivalMs,
            client: request.client,
          });
        }
        if (await engine.step()) continue;
        if (!pending[0]) break;
        nowMs = Math.max(nowMs, pending[0].arrivalMs);
      }
      const decisions = (records: readonly { decisions: readonly unknown[] }[]): string =>
        JSON.stringify(records.map((record) => record.decisions));
      expect(decisions(simulated.records)).toBe(decisions(engine.history()));
      expect(simulated.metrics.completed).toBe(40);
      expect(Math.max(...simulated.records.map(({ endMs }) => endMs))).toBeCloseTo(nowMs, 6);
    }
  });

  test('a closed loop never has more under way than it has users', async () => {
    const workload = generateWorkload({ ...SPEC, arrivals: { kind: 'closed_loop', users: 3, thinkMs: 10 } });
    const { records, metrics } = await simulate(workload, SIMULATION);
    expect(metrics.completed).toBe(40);
    expect(Math.max(...records.map(({ numRunning, numWaiting }) => numRunning + numWaiting))).toBeLessThanOrEqual(3);
  });

  test('memory held differs by strategy: paged wastes least', async () => {
    const waste: Record<string, number> = {};
    for (const strategy of ['paged', 'dynamic', 'static'] as const) {
      const shares: number[] = [];
      await simulate(generateWorkload({ ...SPEC, output: { kind: 'fixed', tokens: 30 } }), {
        ...SIMULATION,
        engine: { ...SIMULATION.engine, strategy },
        onStep: (_, engine) => shares.push(engine.stats().memory.fragmentation),
      });
      waste[strategy] = summarize(shares)!.mean;
    }
    expect(waste['paged']).toBeLessThan(waste['dynamic']!);
    expect(waste['dynamic']).toBeLessThan(waste['static']!);
  });

  test('what is refused is told', async () => {
    const { refused, metrics } = await simulate(generateWorkload(SPEC), {
      ...SIMULATION,
      engine: { ...SIMULATION.engine, queueLimit: 2, maxNumSeqs: 1 },
    });
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.reason).toContain('The queue is full');
    expect(metrics.completed + refused.length).toBe(40);
  });

  test('the same workload runs live, and can be stopped', async () => {
    const engine = new Engine(new HashRunner({ numBlocks: 64, blockSize: 4, context: 128, vocabSize: 4096 }), {
      policy: fcfs,
      eviction: lru,
      sample,
    });
    const { metrics } = await runLive(engine, generateWorkload({ ...SPEC, arrivals: { kind: 'poisson', rate: 2000 } }));
    expect(metrics.completed).toBe(40);
    const stop = new AbortController();
    const run = runLive(engine, generateWorkload({ ...SPEC, arrivals: { kind: 'poisson', rate: 1 } }), { signal: stop.signal });
    setTimeout(() => stop.abort(), 5);
    expect((await run).results.length).toBeLessThan(40);
    expect(engine.stats().memory.referencedBlocks).toBe(0);
    await engine.stop();
  });
});
