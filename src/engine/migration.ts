/** Changes of the configuration under way: what can migrate does, the rest is a conflict that changes nothing. */
import type { BlockManager } from './block-manager.ts';
import { checkConfig, type EngineConfig } from './config.ts';
import { ConfigConflictError, InfeasibleRequestError } from './errors.ts';
import { checkBlocks } from './intake.ts';
import type { KvPool } from './model-runner.ts';
import { policyParameters } from './policy.ts';
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
    throw new ConfigConflictError('blockSize', `The pool has blocks of ${pool.blockSize} tokens; ${next.blockSize} needs a new pool.`);
  }
  checkNumBlocks(current, next, scheduler, blocks, pool);

  if (next.strategy !== current.strategy && !blocks.setStrategy(next.strategy)) {
    throw new ConfigConflictError(
      'strategy',
      `Running sequences hold blocks for what they are; there are not enough free ones (${blocks.pool.availableBlocks}) for the reserves of "${next.strategy}".`,
    );
  }
  if (next.numBlocks !== blocks.numBlocks && !blocks.resize(next.numBlocks)) {
    blocks.setStrategy(current.strategy);
    throw new ConfigConflictError(
      'numBlocks',
      `${blocks.numBlocks - blocks.pool.availableBlocks} blocks are in use; ${next.numBlocks} would not hold them.`,
    );
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
    throw new ConfigConflictError('policyParameters', thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function checkNumBlocks(
  current: Readonly<EngineConfig>,
  next: EngineConfig,
  scheduler: Scheduler,
  blocks: BlockManager,
  pool: KvPool,
): void {
  if (next.numBlocks > pool.numBlocks) {
    throw new ConfigConflictError('numBlocks', `The pool has ${pool.numBlocks} blocks; ${next.numBlocks} need a new pool.`);
  }
  if (next.numBlocks >= current.numBlocks) return;
  const inUse = blocks.numBlocks - blocks.pool.availableBlocks;
  if (inUse > next.numBlocks)
    throw new ConfigConflictError('numBlocks', `${inUse} blocks are in use; ${next.numBlocks} would not hold them.`);
  for (const sequence of scheduler.unfinished) {
    try {
      checkBlocks(sequence, next.blockSize, next.numBlocks);
    } catch (thrown) {
      if (thrown instanceof InfeasibleRequestError)
        throw new ConfigConflictError('numBlocks', `Request ${sequence.requestId} could not end any more: ${thrown.message}`);
      throw thrown;
    }
  }
}
