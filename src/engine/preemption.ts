/** Takes a running sequence's blocks away: to a lower tier, or to be computed again later. */
import type { BlockManager } from './block-manager.ts';
import type { PreemptionMode } from './config.ts';
import type { Constraint } from './decision.ts';
import type { Queues } from './queues.ts';
import { RULES } from './rules.ts';
import type { Sequence } from './sequence.ts';
import type { StepPlan } from './step-plan.ts';

export interface PreemptionReason {
  readonly constraint: Constraint;
  /** Who could have gone instead. */
  readonly passedOver: readonly Sequence[];
  readonly rule?: string;
  /** For a waiting sequence, and not for want of blocks. */
  readonly isForOther?: boolean;
}

/** Swaps where the mode says so and the tiers have room; else the sequence goes back to the queue with its tokens alone. */
export function preempt(
  plan: StepPlan,
  victim: Sequence,
  mode: PreemptionMode,
  blocks: BlockManager,
  queues: Queues,
  reason: PreemptionReason,
): void {
  let { constraint } = reason;
  const passedOver = reason.passedOver.map(({ id }) => id);
  if (reason.isForOther) plan.gaveWay.add(victim);
  else plan.numPreempted++;
  victim.preemptions++;
  if (mode === 'swap' && victim.numComputed > 0) {
    const needed = blocks.blocksFor(victim.numComputed);
    const available = blocks.tiers.freeBlocks;
    if (blocks.swapOut(victim) !== null) {
      queues.move(victim, 'swapped');
      plan.decide(victim, 'swap_out', reason.rule ?? RULES.swap, constraint, passedOver);
      return;
    }
    constraint = { name: 'tier_blocks', needed, available, limit: blocks.tiers.capacityBlocks };
  }
  blocks.release(victim);
  queues.move(victim, 'waiting');
  plan.decide(victim, 'preempt', reason.rule ?? RULES.recompute, constraint, passedOver);
}
