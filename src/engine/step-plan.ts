/** A step under construction: its rows, what is left of the budget, and the decisions that led there. */
import type { BlockMove } from './block-mover.ts';
import type { Action, Constraint, Decision, StepFeatures } from './decision.ts';
import type { BatchRow } from './model-runner.ts';
import type { Sequence } from './sequence.ts';

export interface ScheduledRow {
  readonly sequence: Sequence;
  /** Tokens in the pool before the step. */
  readonly past: number;
  readonly numTokens: number;
  /** The row computes the sequence's last token, so the next one can be sampled. */
  readonly samples: boolean;
}

export class StepPlan {
  rows: ScheduledRow[] = [];
  readonly decisions: Decision[] = [];
  /** To be made before the run, in this order. */
  moves: BlockMove[] = [];
  budget: number;
  /** Preempted for want of blocks: then nobody is let in. */
  numPreempted = 0;
  /** Preempted for one that the policy puts before them; they are not let in again in this step. */
  readonly gaveWay = new Set<Sequence>();
  /** Running sequences without tokens in this step; complete when the plan is. */
  readonly leftOut: string[] = [];
  readonly #scheduled = new Set<Sequence>();
  readonly #decided = new Set<Sequence>();

  constructor(
    readonly step: number,
    readonly tokenBudget: number,
  ) {
    this.budget = tokenBudget;
  }

  has(sequence: Sequence): boolean {
    return this.#scheduled.has(sequence);
  }

  isDecided(sequence: Sequence): boolean {
    return this.#decided.has(sequence);
  }

  addRow(sequence: Sequence, numTokens: number): void {
    this.rows.push({ sequence, past: sequence.numComputed, numTokens, samples: numTokens === sequence.numUncomputed });
    this.#scheduled.add(sequence);
    this.budget -= numTokens;
  }

  /** Drops the rows of sequences that can no longer be run. */
  keepRows(isWanted: (sequence: Sequence) => boolean): void {
    this.rows = this.rows.filter(({ sequence }) => isWanted(sequence));
  }

  /** Something is run or was changed, so that another step may find more to do. */
  get hasWork(): boolean {
    return this.rows.length > 0 || this.moves.length > 0 || this.numPreempted > 0 || this.gaveWay.size > 0;
  }

  decide(
    sequence: Sequence,
    action: Action,
    rule: string,
    constraint: Constraint | null = null,
    passedOver: readonly string[] = [],
    tokens = 0,
  ): void {
    this.#decided.add(sequence);
    this.decisions.push({
      step: this.step,
      requestId: sequence.requestId,
      index: sequence.index,
      action,
      tokens,
      rule,
      constraint,
      passedOver,
    });
  }

  /** The budget as a constraint on something that needed `needed` tokens. */
  budgetConstraint(needed: number): Constraint {
    return { name: 'token_budget', needed, available: this.budget, limit: this.tokenBudget };
  }

  /** What the runner gets. */
  batch(blockSize: number): BatchRow[] {
    return this.rows.map(({ sequence, past, numTokens, samples }) => ({
      tokenIds: sequence.tokenIds.slice(past, past + numTokens),
      past,
      blockTable: sequence.blockTable.slice(0, Math.ceil((past + numTokens) / blockSize)),
      logits: samples ? 'last' : 'none',
    }));
  }

  features(): StepFeatures {
    return featuresOf(this.rows, this.moves.length);
  }
}

export function featuresOf(rows: readonly { past: number; numTokens: number; samples: boolean }[], movedBlocks: number): StepFeatures {
  const features = { batchSize: rows.length, prefillTokens: 0, decodeTokens: 0, contextTokens: 0, attendedPairs: 0, movedBlocks };
  for (const { past, numTokens, samples } of rows) {
    if (numTokens === 1 && samples) features.decodeTokens++;
    else features.prefillTokens += numTokens;
    features.contextTokens += past;
    features.attendedPairs += numTokens * (past + numTokens);
  }
  return features;
}
