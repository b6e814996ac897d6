/** A workload under a virtual clock: the real engine, scheduler, block manager and policy, and a cost model in place of the runtime. */
import { Engine } from '../engine.ts';
import { breather } from '../event-loop.ts';
import type { EngineOptions } from '../engine-state.ts';
import type { CostModel } from './cost-model.ts';
import { Feed, type RunOptions, type WorkloadRun } from './feed.ts';
import { SimulatedRunner } from './simulated-runner.ts';
import type { Workload } from './workload.ts';

export interface SimulationOptions extends RunOptions {
  engine: Omit<EngineOptions, 'sample' | 'now' | 'drive' | 'historySteps' | 'recover' | 'yieldToEventLoop'> & {
    numBlocks: number;
    blockSize: number;
  };
  costModel: CostModel;
  contextTokens: number;
  /** A lower tier's cost of a block is the cost model's for a moved block. */
  blockBytes?: number;
}

/** Plays a workload on the real scheduler, block manager and policy with a runner that only takes its (virtual) time. */
export async function simulate(
  workload: Workload,
  { engine: engineOptions, costModel, contextTokens, blockBytes = 1, ...options }: SimulationOptions,
): Promise<WorkloadRun> {
  const clock = { nowMs: 0 };
  const runner = new SimulatedRunner(clock, costModel, engineOptions.numBlocks, engineOptions.blockSize, blockBytes, contextTokens);
  const engine = new Engine(runner, { ...engineOptions, sample: () => 0, now: () => clock.nowMs, drive: 'manual', historySteps: 1 });
  const feed = new Feed(engine, workload, 0, options);
  const breathe = breather(options.signal);
  for (;;) {
    await breathe();
    await feed.submitUntil(clock.nowMs, breathe);
    if (await engine.step()) continue;
    // Promises of results settle before the feed is asked what comes next.
    await Promise.resolve();
    const nextMs = feed.nextMs();
    if (nextMs === null) break;
    clock.nowMs = Math.max(clock.nowMs, nextMs);
  }
  return feed.finish();
}
