/** Continuous batching: which sequences compute how many tokens in the next step, and why. Pure bookkeeping, no clock and no runner. */
import type { BlockManager } from './block-manager.ts';
import type { EngineConfig } from './config.ts';
import type { Action, Constraint, Decision } from './decision.ts';
import type { PatchedCodeError } from './errors.ts';
import type { PolicySource } from './policy.ts';
import { preempt, type PreemptionReason } from './preemption.ts';
import { Queues } from './queues.ts';
import { Ranking } from './ranking.ts';
import { giveWay } from './give-way.ts';
import { GAVE_WAY, QUARANTINE, RULES } from './rules.ts';
import { seatsOf, seatsTaken } from './seats.ts';
import type { FinishReason, Sequence } from './sequence.ts';
import { StepPlan } from './step-plan.ts';

export type SchedulerConfig = Pick<
  EngineConfig,
  'maxNumSeqs' | 'tokenBudget' | 'chunkSize' | 'mode' | 'preemption' | 'policy' | 'policyParameters'
>;

/** Notes kept while no step takes them. */
const MAX_NOTES = 256;

export class Scheduler {
  config: SchedulerConfig;
  blocks: BlockManager;
  numPreemptions = 0;
  onPatchedCodeFailed: (error: PatchedCodeError) => void = () => {};
  readonly #queues = new Queues();
  #step = 0;
  #notes: Decision[] = [];
  #ranking: Ranking;

  constructor(config: SchedulerConfig, blocks: BlockManager) {
    this.config = config;
    this.blocks = blocks;
    this.#ranking = this.#newRanking(config.policy, config.policyParameters);
  }

  get step(): number {
    return this.#step;
  }

  get waiting(): readonly Sequence[] {
    return this.#queues.waiting;
  }

  get running(): readonly Sequence[] {
    return this.#queues.running;
  }

  get swapped(): readonly Sequence[] {
    return this.#queues.swapped;
  }

  get unfinished(): Sequence[] {
    return this.#queues.unfinished;
  }

  /** Makes a policy the active one; its state starts anew. Throws a `RangeError` for unfit parameters. */
  setPolicy(policy: PolicySource, parameters: Readonly<Record<string, number>>): void {
    this.#ranking = this.#newRanking(policy, parameters);
    this.config = { ...this.config, policy, policyParameters: parameters };
  }

  add(sequence: Sequence): void {
    this.#ranking.arrived(sequence, this.unfinished);
    this.#queues.add(sequence);
  }

  /** The next step. Block tables cover every row's tokens; `moves` bring the blocks into the state that the rows expect. */
  schedule(nowMs: number): StepPlan {
    const plan = new StepPlan(++this.#step, this.config.tokenBudget);
    this.#ranking.refresh(this.unfinished, nowMs);
    const running = this.#ranking.inOrder(this.running);
    this.#leaveSeats(plan);

    if (!this.#runSuspectAlone(plan)) {
      giveWay(plan, this.#ranking, this.config, this.blocks, this.#queues, () => this.numPreemptions++);
      const healthy = running.filter((sequence) => !sequence.suspect);
      const decoding = healthy.filter((sequence) => sequence.isDecoding);
      const prefilling = healthy.filter((sequence) => !sequence.isDecoding);
      if (this.config.mode === 'decode_first') {
        for (const sequence of decoding) this.#advance(plan, sequence);
        for (const sequence of prefilling) this.#advance(plan, sequence);
        this.#admit(plan);
      } else if (this.config.mode === 'mixed') {
        for (const sequence of healthy) this.#advance(plan, sequence);
        this.#admit(plan);
      } else {
        for (const sequence of prefilling) this.#advance(plan, sequence);
        this.#admit(plan);
        if (plan.rows.length === 0) for (const sequence of decoding) this.#advance(plan, sequence);
      }
    }

    this.#explainTheRest(plan);
    plan.moves = this.blocks.takeMoves();
    return plan;
  }

  /** Tells the policy what a row computed. */
  served(sequence: Sequence, numTokens: number, isDecode: boolean): void {
    this.#ranking.served(sequence, numTokens, isDecode);
  }

  /** A new sample takes one of the parent's seats and shares its blocks, or waits where there is no room for it. */
  fork(parent: Sequence, child: Sequence): void {
    const taken = seatsTaken(this.running, this.config.maxNumSeqs) - seatsOf(parent, this.config.maxNumSeqs) + 1;
    this.#queues.add(child);
    if (taken < this.config.maxNumSeqs && this.blocks.fork(parent, child)) this.#queues.move(child, 'running');
  }

  /** Ends a sequence in any state; how many blocks became nobody's. */
  finish(sequence: Sequence, reason: FinishReason, rule: string, constraint: Constraint | null = null): number {
    const freed = this.blocks.release(sequence);
    this.#queues.move(sequence, 'finished');
    sequence.finishReason = reason;
    this.note(sequence, 'finish', rule, constraint);
    return freed;
  }

  /** Back to the queue without keys and values: they are lost or no longer valid. */
  requeue(sequence: Sequence): void {
    this.blocks.release(sequence);
    if (sequence.state !== 'waiting') this.#queues.move(sequence, 'waiting');
  }

  /** A decision made outside of `schedule`: finish, refuse. */
  note(sequence: { requestId: string; index: number }, action: Action, rule: string, constraint: Constraint | null): void {
    this.#notes.push({
      step: this.#step,
      requestId: sequence.requestId,
      index: sequence.index,
      action,
      tokens: 0,
      rule,
      constraint,
      passedOver: [],
    });
    if (this.#notes.length > MAX_NOTES) this.#notes.shift();
  }

  get notes(): readonly Decision[] {
    return this.#notes;
  }

  /** The notes since the last call. */
  takeNotes(): Decision[] {
    return this.#notes.splice(0);
  }

  /** Tokens for a running sequence: its next one, or a chunk of its prompt. */
  #advance(plan: StepPlan, sequence: Sequence): void {
    if (sequence.state !== 'running') return;
    if (plan.budget < 1) return;
    if (sequence.isDecoding) {
      if (this.#makeRoom(plan, sequence)) this.#addDecode(plan, sequence);
    } else {
      this.#addChunk(plan, sequence, 'chunk', RULES[this.config.mode], plan.leftOut);
    }
  }

  #addDecode(plan: StepPlan, sequence: Sequence): void {
    plan.addRow(sequence, 1);
    plan.decide(sequence, 'decode', RULES[this.config.mode], null, plan.leftOut, 1);
  }

  #addChunk(plan: StepPlan, sequence: Sequence, action: 'chunk' | 'admit' | 'swap_in', rule: string, passedOver: readonly string[]): void {
    const uncomputed = sequence.numUncomputed;
    const chunk = Math.min(uncomputed, this.config.chunkSize, plan.budget);
    let constraint: Constraint | null = null;
    if (chunk < uncomputed) {
      constraint =
        chunk === this.config.chunkSize
          ? { name: 'chunk_size', needed: uncomputed, available: chunk, limit: this.config.chunkSize }
          : plan.budgetConstraint(uncomputed);
    }
    plan.addRow(sequence, chunk);
    plan.decide(sequence, action, rule, constraint, passedOver, chunk);
  }

  /** Blocks for the next token, at the cost of the last in policy order; false when that is the sequence itself. */
  #makeRoom(plan: StepPlan, sequence: Sequence): boolean {
    for (;;) {
      const shortage = this.blocks.grow(sequence);
      if (!shortage) return true;
      const candidates = this.#ranking.inOrder(this.running).filter((candidate) => !plan.has(candidate));
      const victim = candidates.pop() ?? sequence;
      this.#preempt(plan, victim, {
        constraint: { name: 'free_blocks', ...shortage, limit: this.blocks.numBlocks },
        passedOver: candidates,
      });
      if (victim === sequence) return false;
    }
  }

  #preempt(plan: StepPlan, victim: Sequence, reason: PreemptionReason): void {
    preempt(plan, victim, this.config.preemption, this.blocks, this.#queues, reason);
    this.numPreemptions++;
  }

  /** Lets waiting and swapped sequences in, in policy order; the first that does not fit holds back all behind it. */
  #admit(plan: StepPlan): void {
    const passedOver: string[] = [];
    let first = null as { id: string; constraint: Constraint } | null;
    for (const sequence of this.#ranking.inOrder([...this.waiting, ...this.swapped])) {
      // Whoever gave way in this step waits for another one.
      const own = plan.gaveWay.has(sequence) ? GAVE_WAY : this.#obstacleTo(plan, sequence);
      const constraint: Constraint | null = first ? { ...first.constraint, name: 'order' } : own;
      if (!constraint && !sequence.suspect) {
        this.#letIn(plan, sequence, passedOver);
        continue;
      }
      passedOver.push(sequence.id);
      if (plan.isDecided(sequence)) continue;
      if (first) this.#wait(plan, sequence, constraint ?? QUARANTINE, `${this.config.policy.rule} Behind ${first.id}.`);
      else this.#wait(plan, sequence, constraint ?? QUARANTINE, constraint ? this.config.policy.rule : RULES.quarantine);
      first ??= { id: sequence.id, constraint: constraint ?? QUARANTINE };
    }
  }

  /** What keeps a waiting or swapped sequence out; `null` when nothing does. */
  #obstacleTo(plan: StepPlan, sequence: Sequence): Constraint | null {
    const { maxNumSeqs } = this.config;
    const seats = seatsOf(sequence, maxNumSeqs);
    const taken = seatsTaken(this.running, maxNumSeqs);
    if (taken + seats > maxNumSeqs)
      return { name: 'max_num_seqs', needed: seats, available: Math.max(0, maxNumSeqs - taken), limit: maxNumSeqs };
    if (plan.budget < 1) return plan.budgetConstraint(1);
    const limit = this.blocks.numBlocks;
    if (plan.numPreempted > 0)
      return { name: 'free_blocks', needed: this.blocks.blocksFor(sequence.length), available: this.blocks.pool.availableBlocks, limit };
    const admission = this.#admission(sequence);
    if (admission.verdict === 'ok') return null;
    const { needed, available } = admission;
    if (admission.verdict === 'later' && needed <= available)
      return { name: 'watermark', needed: needed + admission.reserved, available, limit };
    return { name: 'free_blocks', needed, available, limit };
  }

  #admission(sequence: Sequence): ReturnType<BlockManager['admission']> {
    const isAlone = this.running.length === 0;
    return sequence.state === 'swapped' ? this.blocks.swapInAdmission(sequence, isAlone) : this.blocks.admission(sequence, isAlone);
  }

  #letIn(plan: StepPlan, sequence: Sequence, passedOver: readonly string[]): void {
    const action = sequence.state === 'swapped' ? 'swap_in' : 'admit';
    if (sequence.state === 'swapped') this.blocks.swapIn(sequence);
    else this.blocks.admit(sequence);
    this.#queues.move(sequence, 'running');
    this.#addChunk(plan, sequence, action, this.config.policy.rule, passedOver);
  }

  /** The first suspect in order gets the step for itself; false when there is none that could run now. */
  #runSuspectAlone(plan: StepPlan): boolean {
    const suspect = this.#ranking.inOrder(this.unfinished).find((sequence) => sequence.suspect);
    if (!suspect) return false;
    if (suspect.state === 'running') this.#advance(plan, suspect);
    else if (!this.#obstacleTo(plan, suspect)) this.#letIn(plan, suspect, []);
    return plan.rows.length > 0;
  }

  /** After `maxNumSeqs` was lowered: the last in order leave. */
  #leaveSeats(plan: StepPlan): void {
    const { maxNumSeqs } = this.config;
    while (this.running.length > 1 && seatsTaken(this.running, this.config.maxNumSeqs) > maxNumSeqs) {
      const order = this.#ranking.inOrder(this.running);
      const victim = order.pop()!;
      const constraint: Constraint = {
        name: 'max_num_seqs',
        needed: seatsTaken(this.running, this.config.maxNumSeqs),
        available: maxNumSeqs,
        limit: maxNumSeqs,
      };
      this.#preempt(plan, victim, { constraint, passedOver: order, rule: RULES.seats });
    }
  }

  /** Whoever was not decided about yet waits: for the budget, for the mode, or for a suspect. */
  #explainTheRest(plan: StepPlan): void {
    const isAlone = plan.rows.length === 1 && plan.rows[0]!.sequence.suspect;
    for (const sequence of this.unfinished) {
      if (plan.isDecided(sequence)) continue;
      if (sequence.state === 'running') plan.leftOut.push(sequence.id);
      if (isAlone || sequence.suspect) this.#wait(plan, sequence, QUARANTINE, RULES.quarantine);
      else if (plan.budget < 1) this.#wait(plan, sequence, plan.budgetConstraint(1), RULES[this.config.mode]);
      else this.#wait(plan, sequence, { name: 'mode', needed: 1, available: 0, limit: plan.tokenBudget }, RULES[this.config.mode]);
    }
  }

  #wait(plan: StepPlan, sequence: Sequence, constraint: Constraint, rule: string = this.config.policy.rule): void {
    plan.decide(sequence, 'wait', rule, constraint);
  }

  #newRanking(policy: PolicySource, parameters: Readonly<Record<string, number>>): Ranking {
    const ranking = new Ranking(policy, parameters, () => this.blocks);
    ranking.onPatchedCodeFailed = (error) => this.onPatchedCodeFailed(error);
    return ranking;
  }
}
