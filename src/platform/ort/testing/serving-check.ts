/** Test support: whether greedy outputs depend on how the engine serves them, and where two part, by how much. */
import { Engine, MemoryBlockStore, type EngineConfig, type GenerationResult, type ModelRunner } from '../../../engine/index.ts';
import { lru } from '../../../patchable/memory/index.ts';
import sample from '../../../patchable/sampler/default.ts';
import { fcfs } from '../../../patchable/scheduler/index.ts';

export interface ServedRequest {
  promptTokenIds: number[];
  maxNewTokens: number;
  n: number;
  priority: number;
  client: string;
  deadlineMs: number;
}

export type Setting = Partial<EngineConfig>;

/** Where a served output leaves that of the request alone. */
export interface Divergence {
  request: number;
  /** Of the first token that differs, in the completion. */
  position: number;
  alone: number;
  served: number;
  /** Of the two tokens' logits, in the run alone; infinite where the served token was not among its best. */
  gap: number;
}

export interface Served {
  divergences: Divergence[];
  preemptions: number;
  swappedBlocks: number;
  prefixHitTokens: number;
  failedRuns: number;
  /** Of the pool, when all has ended. */
  heldBlocks: number;
}

const TIER = { name: 'cpu', capacityBlocks: 256 };
/** Alternatives kept of each token: those that may tie with it are among them. */
const NUM_TOP = 5;
const MOST_STEPS = 10_000;

/** Prompts of every length, some of them with a beginning in common, with all that policies look at. */
export function mixedRequests(count: number, vocabSize: number): ServedRequest[] {
  const token = (i: number, j: number): number => 3 + ((i * 31 + j * 17 + ((i * j) % 13)) % (vocabSize - 3));
  return Array.from({ length: count }, (_, i) => {
    const shared = i % 3 === 0 ? 0 : 8 * (i % 4);
    const own = 1 + ((i * 7) % 37);
    return {
      promptTokenIds: [
        ...Array.from({ length: shared }, (__, j) => token(1, j)),
        ...Array.from({ length: own }, (__, j) => token(i + 2, j)),
      ],
      maxNewTokens: 1 + ((i * 5) % 23),
      n: i % 9 === 4 ? 2 : 1,
      priority: (i % 5) - 2,
      client: 'abc'[i % 3]!,
      deadlineMs: 100 * ((i * 11) % 17),
    };
  });
}

/** Each request by itself: nothing else runs, and nothing is cached. */
export async function serveAlone(runner: ModelRunner, requests: readonly ServedRequest[]): Promise<GenerationResult[]> {
  const engine = open(runner, { prefixCaching: false, maxNumSeqs: 2 });
  const results: GenerationResult[] = [];
  for (const request of requests) results.push((await drain(engine, [request])).at(0)!);
  await engine.stop();
  return results;
}

/** All requests, four of them arriving with every step. */
export async function serveTogether(
  runner: ModelRunner,
  requests: readonly ServedRequest[],
  alone: readonly GenerationResult[],
  setting: Setting,
): Promise<Served> {
  const engine = open(runner, setting);
  const results = await drain(engine, requests);
  const { memory, preemptions, failedRuns } = engine.stats();
  await engine.stop();
  return {
    divergences: results.flatMap((result, request) => divergencesOf(result, alone[request]!, request)),
    preemptions,
    failedRuns,
    swappedBlocks: memory.swapsIn,
    prefixHitTokens: memory.prefixHitTokens,
    heldBlocks: memory.referencedBlocks,
  };
}

const open = (runner: ModelRunner, setting: Setting): Engine =>
  new Engine(runner, {
    ...{ policy: fcfs, eviction: lru, sample, drive: 'manual', watermark: 0, ...setting },
    tiers: [{ ...TIER, store: new MemoryBlockStore() }],
  });

async function drain(engine: Engine, requests: readonly ServedRequest[]): Promise<GenerationResult[]> {
  const results: Promise<GenerationResult>[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    for (const { promptTokenIds, maxNewTokens, n, priority, client, deadlineMs } of requests.slice(4 * step, 4 * step + 4)) {
      const sampling = { temperature: 0, logprobs: NUM_TOP };
      results.push(engine.generate({ promptTokenIds, maxNewTokens, n, priority, client, deadlineMs, sampling }).result);
    }
    const hasMore = 4 * (step + 1) < requests.length;
    if (!(await engine.step()) && !hasMore) return Promise.all(results);
  }
  throw new Error(`Still going after ${MOST_STEPS} steps.`);
}

function divergencesOf(served: GenerationResult, alone: GenerationResult, request: number): Divergence[] {
  return served.completions.flatMap(({ tokenIds }, i) => {
    const expected = alone.completions[i]!;
    const length = Math.max(tokenIds.length, expected.tokenIds.length);
    for (let position = 0; position < length; position++) {
      const [a, b] = [expected.tokenIds[position], tokenIds[position]];
      if (a === b) continue;
      const { logprob, top } = expected.logprobs[position] ?? { logprob: Number.POSITIVE_INFINITY, top: [] };
      const other = top.find(({ tokenId }) => tokenId === b)?.logprob ?? Number.NEGATIVE_INFINITY;
      return [{ request, position, alone: a ?? -1, served: b ?? -1, gap: logprob - other }];
    }
    return [];
  });
}
