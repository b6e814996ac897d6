/** Changes of the configuration under way: what can migrate does, the rest is a conflict that changes nothing. */
import { messageOf } from '../environment/thrown.ts';
import type { BlockManager } from './block-manager.ts';
import { checkConfig, type EngineConfig } from './config.ts';
import { ConfigConflictError, InfeasibleRequestError } from './errors.ts';
import { checkBlocks } from './intake.ts';
import type { KvPool } from './model-runner.ts';
import { PolicyParameterError, policyParameters } from './policy.ts';
import type { Scheduler } from './scheduler.ts';

/** Throws a `ConfigConflictError`, having changed nothing; else everything is active but the block moves that `blocks.takeMoves()` asks for. */
export function migrate(
  current: Readonly<EngineConfig>,
  changes: Partial<EngineConfig>,
  scheduler: Scheduler,
  blocks: BlockManager,
  pool: KvPool,
): EngineConfig {
  const next: EngineConfig = { ...current, ...changes };
  // Parameters belong to a policy: another policy starts with its defaults.
  if (changes.policy && changes.policy !== current.policy && !changes.policyParameters) next.policyParameters = {};
  checkConfig(next);
  checkPolicy(next);
  if (next.blockSize !== pool.blockSize) {
    throw new ConfigConflictError('blockSize', `must be ${pool.blockSize}, of which the pool was made; it is ${next.blockSize}.`);
  }
  checkNumBlocks(current, next, scheduler, blocks, pool);

  if (next.strategy !== current.strategy && !blocks.setStrategy(next.strategy)) {
    throw new ConfigConflictError(
      'strategy',
      `can't be "${next.strategy}" now: running sequences would need more blocks in reserve than the ${blocks.pool.availableBlocks} that are free.`,
    );
  }
  if (next.numBlocks !== blocks.numBlocks && !blocks.resize(next.numBlocks)) {
    blocks.setStrategy(current.strategy);
    throw new ConfigConflictError('numBlocks', inUseReason(blocks.numBlocks - blocks.pool.availableBlocks, next.numBlocks));
  }
  blocks.pool.eviction = next.eviction;
  blocks.watermark = next.watermark;
  if (!next.prefixCaching) blocks.pool.dropContents();
  blocks.prefixCaching = next.prefixCaching;
  scheduler.config = next;
  if (changes.policy || changes.policyParameters) scheduler.setPolicy(next.policy, next.policyParameters);
  return next;
}

function checkPolicy(config: EngineConfig): void {
  try {
    config.policy.create(policyParameters(config.policy, config.policyParameters));
  } catch (thrown) {
    if (thrown instanceof PolicyParameterError) throw new ConfigConflictError('policyParameters', thrown.fault, thrown.parameter);
    throw new ConfigConflictError('policy', `can't be made: ${messageOf(thrown)}`);
  }
}

const inUseReason = (inUse: number, wanted: number): string => `must be at least ${inUse}: so many blocks are in use; it is ${wanted}.`;

function checkNumBlocks(
  current: Readonly<EngineConfig>,
  next: EngineConfig,
  scheduler: Scheduler,
  blocks: BlockManager,
  pool: KvPool,
): void {
  if (next.numBlocks > pool.numBlocks) {
    throw new ConfigConflictError('numBlocks', `must be at most ${pool.numBlocks}, the blocks of the pool; it is ${next.numBlocks}.`);
  }
  if (next.numBlocks >= current.numBlocks) return;
  const inUse = blocks.numBlocks - blocks.pool.availableBlocks;
  if (inUse > next.numBlocks) throw new ConfigConflictError('numBlocks', inUseReason(inUse, next.numBlocks));
  for (const sequence of scheduler.unfinished) {
    try {
      checkBlocks(sequence, next.blockSize, next.numBlocks);
    } catch (thrown) {
      if (thrown instanceof InfeasibleRequestError)
        throw new ConfigConflictError('numBlocks', `must leave request ${sequence.requestId} enough to end. ${thrown.message}`);
      throw thrown;
    }
  }
}
