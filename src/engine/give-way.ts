/** Preemption by policy: before a step, running sequences leave their seats and blocks to waiting ones that the policy puts before them. */
import type { BlockManager } from './block-manager.ts';
import type { EngineConfig } from './config.ts';
import type { Constraint } from './decision.ts';
import { preempt } from './preemption.ts';
import type { Queues } from './queues.ts';
import type { Ranking } from './ranking.ts';
import { RULES } from './rules.ts';
import { seatsOf, seatsTaken } from './seats.ts';
import type { Sequence } from './sequence.ts';
import type { StepPlan } from './step-plan.ts';

/** Nobody leaves in vain: where all who may be sent away are not enough, none is. */
export function giveWay(
  plan: StepPlan,
  ranking: Ranking,
  { maxNumSeqs, preemption }: Pick<EngineConfig, 'maxNumSeqs' | 'preemption'>,
  blocks: BlockManager,
  queues: Queues,
  onPreempted: () => void,
): void {
  let [seatsWanted, blocksWanted] = [0, 0];
  for (const waiting of ranking.inOrder([...queues.waiting, ...queues.swapped])) {
    if (waiting.suspect) return;
    const candidates = ranking.inOrder(queues.running).filter((running) => ranking.mayTakePlace(waiting, running));
    if (candidates.length === 0) return;
    const isAlone = queues.running.length === 0;
    const admission = waiting.state === 'swapped' ? blocks.swapInAdmission(waiting, isAlone) : blocks.admission(waiting, isAlone);
    if (admission.verdict === 'never') return;
    seatsWanted += seatsOf(waiting, maxNumSeqs);
    blocksWanted += admission.needed;
    const reserved = admission.verdict === 'later' ? admission.reserved : 0;

    const shortage = (): Constraint | null => {
      const taken = seatsTaken(queues.running, maxNumSeqs);
      if (taken + seatsWanted > maxNumSeqs)
        return { name: 'max_num_seqs', needed: seatsWanted, available: Math.max(0, maxNumSeqs - taken), limit: maxNumSeqs };
      const available = blocks.pool.availableBlocks;
      if (blocksWanted + reserved > available)
        return { name: 'free_blocks', needed: blocksWanted + reserved, available, limit: blocks.numBlocks };
      return null;
    };
    const enough = (): boolean => {
      const seats = seatsTaken(queues.running, maxNumSeqs) - seatsTaken(candidates, maxNumSeqs) + seatsWanted <= maxNumSeqs;
      const held = candidates.reduce((sum, { blockTable, reserved: own }) => sum + blockTable.length + own.length, 0);
      return seats && blocksWanted + reserved <= blocks.pool.availableBlocks + held;
    };
    if (shortage() && !enough()) return;
    for (let constraint = shortage(); constraint; constraint = shortage()) {
      const victim = candidates.pop();
      if (!victim) return;
      leave(victim, constraint, candidates);
    }
  }

  function leave(victim: Sequence, constraint: Constraint, passedOver: readonly Sequence[]): void {
    preempt(plan, victim, preemption, blocks, queues, { constraint, passedOver, rule: RULES.gives_way, isForOther: true });
    onPreempted();
  }
}
