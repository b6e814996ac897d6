/** Snapshots of the engine for services and panels. */
import type { BlockManager } from './block-manager.ts';
import type { EngineConfig } from './config.ts';
import type { EngineState } from './engine-state.ts';
import type { TierStats } from './tiers.ts';

export interface MemoryStats {
  numBlocks: number;
  blockSize: number;
  blockBytes: number;
  freeBlocks: number;
  /** Nobody's, but a prefix hit could use them. */
  cachedBlocks: number;
  referencedBlocks: number;
  /** Token places in referenced blocks, and how many of them hold keys and values that someone uses. */
  heldTokens: number;
  usedTokens: number;
  /** 1 − used / held: the share of places held for nothing. */
  fragmentation: number;
  prefixQueriedTokens: number;
  prefixHitTokens: number;
  evictions: number;
  copies: number;
  swapsOut: number;
  swapsIn: number;
  allocations: number;
  tiers: TierStats[];
}

export interface EngineStats {
  /** Why no runner works; `null` while one does. */
  failure: string | null;
  step: number;
  numWaiting: number;
  numRunning: number;
  numSwapped: number;
  numFinished: number;
  numRefused: number;
  promptTokensComputed: number;
  completionTokens: number;
  preemptions: number;
  failedRuns: number;
  /** Time in steps, and in the runtime: the rest is JavaScript. */
  stepMs: number;
  runMs: number;
  weightsHash: string;
  codeRevision: string;
  config: EngineConfig;
  memory: MemoryStats;
}

/** What the memory map draws. Typed arrays have one entry a block. */
export interface MemoryMap {
  references: Uint16Array;
  /** 1 where the block's contents can be found by a prefix. */
  hashed: Uint8Array;
  tables: { sequenceId: string; requestId: string; computedTokens: number; blocks: readonly number[]; reserved: readonly number[] }[];
  allocations: { id: string; blocks: readonly number[] }[];
  swapped: { sequenceId: string; requestId: string; slots: readonly { tier: string; slot: number }[] }[];
  tiers: TierStats[];
}

export function engineStats(state: EngineState): EngineStats {
  const { scheduler, generations, counters, failure, weightsHash, codeRevision, config } = state;
  const { refused, promptTokens, completionTokens, failedRuns, stepMs, runMs } = counters;
  return {
    failure,
    step: scheduler.step,
    numWaiting: scheduler.waiting.length,
    numRunning: scheduler.running.length,
    numSwapped: scheduler.swapped.length,
    numFinished: generations.numFinished,
    numRefused: refused,
    promptTokensComputed: promptTokens,
    completionTokens,
    preemptions: scheduler.numPreemptions,
    ...{ failedRuns, stepMs, runMs, weightsHash, codeRevision, config },
    memory: memoryStats(state),
  };
}

function memoryStats({ blocks, runner, allocations }: EngineState): MemoryStats {
  const { freeBlocks, cachedBlocks, evictions } = blocks.pool;
  const referencedBlocks = blocks.numBlocks - freeBlocks - cachedBlocks;
  const heldTokens = referencedBlocks * blocks.blockSize;
  const usedTokens = countUsedTokens(blocks) + allocations.tokens;
  const { prefixQueriedTokens, prefixHitTokens, copies, swapsOut, swapsIn } = blocks;
  return {
    numBlocks: blocks.numBlocks,
    blockSize: blocks.blockSize,
    blockBytes: runner.pool.blockBytes,
    ...{ freeBlocks, cachedBlocks, referencedBlocks, heldTokens, usedTokens },
    fragmentation: heldTokens > 0 ? 1 - usedTokens / heldTokens : 0,
    ...{ prefixQueriedTokens, prefixHitTokens, evictions, copies, swapsOut, swapsIn },
    allocations: blocks.allocations.size,
    tiers: blocks.tiers.stats(),
  };
}

/** Places with keys and values, those of a shared block once. */
function countUsedTokens(blocks: BlockManager): number {
  const usedInBlock = new Map<number, number>();
  for (const sequence of blocks.holders) {
    sequence.blockTable.forEach((block, i) => {
      const used = Math.max(0, Math.min(blocks.blockSize, sequence.numComputed - i * blocks.blockSize));
      usedInBlock.set(block, Math.max(used, usedInBlock.get(block) ?? 0));
    });
  }
  let sum = 0;
  for (const used of usedInBlock.values()) sum += used;
  return sum;
}

export function memoryMap({ blocks, scheduler }: EngineState): MemoryMap {
  return {
    ...blocks.pool.snapshot(),
    tables: Array.from(blocks.holders, ({ id, requestId, numComputed, blockTable, reserved }) => ({
      sequenceId: id,
      requestId,
      computedTokens: numComputed,
      blocks: [...blockTable],
      reserved: [...reserved],
    })),
    allocations: Array.from(blocks.allocations, ([id, held]) => ({ id, blocks: [...held] })),
    swapped: scheduler.swapped.map(({ id, requestId }) => ({
      sequenceId: id,
      requestId,
      slots: blocks.tiers.slotsOf(id).map(({ tier, index }) => ({ tier: tier.name, slot: index })),
    })),
    tiers: blocks.tiers.stats(),
  };
}
