/** One step of the engine: schedule → run → sample → postprocess. */
import { moveBlocks } from './block-mover.ts';
import type { Constraint } from './decision.ts';
import type { EngineState } from './engine-state.ts';
import { messageOf, PatchedCodeError } from './errors.ts';
import { yieldToEventLoop } from './event-loop.ts';
import type { GenerationTask } from './generation.ts';
import type { RunResult } from './model-runner.ts';
import { recoverFrom } from './recovery.ts';
import { sampleToken, tokenLogprob } from './sampler.ts';
import type { FinishReason, Sequence } from './sequence.ts';
import type { StepPlan } from './step-plan.ts';

/** When each phase ended. */
interface StepTimes {
  readonly startMs: number;
  scheduledMs: number;
  movedMs: number;
  ranMs: number;
}

interface SampledToken {
  readonly sequence: Sequence;
  readonly tokenId: number;
  /** Raw. [V] */
  readonly logits: Float32Array;
}

/** Computes the next tokens; false when nothing could be done. */
export async function step(state: EngineState): Promise<boolean> {
  if (state.generations.isIdle) return false;
  const startMs = state.now();
  const times: StepTimes = { startMs, scheduledMs: startMs, movedMs: startMs, ranMs: startMs };

  const plan = state.scheduler.schedule(startMs);
  times.scheduledMs = state.now();
  const result = await run(state, plan, times);
  if (!(result instanceof Error)) {
    const sampled = await sample(state, plan, result);
    postprocess(state, sampled, times.ranMs);
  }
  record(state, plan, times, result);
  return plan.hasWork;
}

/** Moves blocks, then runs the batch. A failure is recovered from here and given back. */
async function run(state: EngineState, plan: StepPlan, times: StepTimes): Promise<RunResult | Error> {
  let hasMoved = false;
  try {
    await move(state, plan);
    hasMoved = true;
    times.movedMs = state.now();
    for (const { sequence } of plan.rows) sequence.firstScheduledMs ??= times.startMs;
    const result =
      plan.rows.length > 0 ? await state.runner.run(plan.batch(state.config.blockSize)) : { logits: [], captures: [], runMs: 0 };
    times.ranMs = state.now();
    return result;
  } catch (thrown) {
    times.ranMs = state.now();
    if (!hasMoved) forgetSwaps(state, plan);
    await recoverFrom(
      state,
      thrown,
      plan.rows.map(({ sequence }) => sequence),
      hasMoved,
    );
    return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  }
}

/** Brings the blocks into the state that the rows expect, and drops the rows of sequences that were cancelled or lost meanwhile. */
async function move(state: EngineState, plan: StepPlan): Promise<void> {
  for (const { sequence, tier, message } of await moveBlocks(plan.moves, state.runner.pool)) {
    state.events.emit({ type: 'tier_failed', timeMs: state.now(), tier: tier.name, message });
    if (sequence.state !== 'finished') state.scheduler.requeue(sequence);
  }
  plan.keepRows((sequence) => sequence.state === 'running');
}

/** What was to be swapped out in a step whose moves failed is in no tier. */
function forgetSwaps(state: EngineState, plan: StepPlan): void {
  for (const { kind, ...rest } of plan.moves) {
    if (kind === 'swap_out' && 'sequence' in rest && rest.sequence.state === 'swapped') state.scheduler.requeue(rest.sequence);
  }
}

/** The next token of every row that computed its sequence's last one; parallel samples fork off here. */
async function sample(state: EngineState, plan: StepPlan, { logits }: RunResult): Promise<SampledToken[]> {
  const sampled: SampledToken[] = [];
  let breathedMs = state.now();
  for (const [i, { sequence, past, numTokens, samples }] of plan.rows.entries()) {
    if (sequence.state !== 'running') continue;
    sequence.suspect = false;
    const isDecode = sequence.isDecoding;
    state.blocks.commit(sequence, past + numTokens);
    state.scheduler.served(sequence, numTokens, isDecode);
    if (!isDecode) state.counters.promptTokens += numTokens;
    if (!samples) continue;
    for (const sibling of [sequence, ...forks(state, sequence)]) {
      // A patched sampler may take long; meanwhile the sequence may be cancelled.
      if (state.now() - breathedMs > BREATH_MS) {
        await yieldToEventLoop();
        breathedMs = state.now();
      }
      if (sibling.state === 'finished') continue;
      try {
        sampled.push({ sequence: sibling, tokenId: sampleToken(sibling, logits[i]!, state.sample), logits: logits[i]! });
      } catch (thrown) {
        if (thrown instanceof PatchedCodeError) state.reportPatch(thrown);
        sibling.cause = thrown;
        state.generations.finish(sibling, 'error', messageOf(thrown));
      }
    }
  }
  return sampled;
}

/** Samplers that take longer, all together, let others run between two of them. */
const BREATH_MS = 250;

/** The other samples of a request whose prompt is computed now. */
function forks(state: EngineState, parent: Sequence): Sequence[] {
  const children: Sequence[] = [];
  const task = state.generations.find(parent.requestId)!;
  while (parent.pendingForks > 0) {
    const child = parent.fork(task.n - parent.pendingForks);
    state.scheduler.fork(parent, child);
    parent.pendingForks--;
    task.sequences.push(child);
    children.push(child);
  }
  return children;
}

/** Appends the tokens, tells the readers, and ends what has come to its end. */
function postprocess(state: EngineState, sampled: readonly SampledToken[], timeMs: number): void {
  for (const { sequence, tokenId, logits } of sampled) {
    const task = state.generations.find(sequence.requestId);
    // A token hook may have cancelled it.
    if (!task || sequence.state === 'finished') continue;
    const { logprobs } = sequence.sampling;
    const logprob = logprobs === null ? null : tokenLogprob(logits, tokenId, logprobs);
    sequence.append(tokenId, timeMs, logprob);
    state.counters.completionTokens++;
    const ending = endingOf(state, task, sequence, tokenId);
    task.events.push({
      id: task.id,
      index: sequence.index,
      tokenId,
      position: sequence.numCompletion - 1,
      logprob,
      timeMs,
      finishReason: ending?.reason ?? null,
    });
    if (ending && !sequence.hasFinished) state.generations.finish(sequence, ending.reason, ending.rule, ending.constraint, timeMs);
  }
}

interface Ending {
  reason: FinishReason;
  rule: string;
  constraint: Constraint | null;
}

function endingOf(state: EngineState, task: GenerationTask, sequence: Sequence, tokenId: number): Ending | null {
  try {
    // Told of every token, the one that ends the sequence included.
    if (task.onToken?.(sequence, tokenId) === 'stop') return { reason: 'stop', rule: 'The token hook stopped it.', constraint: null };
  } catch (thrown) {
    return { reason: 'error', rule: `The token hook threw: ${messageOf(thrown)}`, constraint: null };
  }
  if (sequence.eosTokenIds.has(tokenId)) return { reason: 'stop', rule: `Token ${tokenId} ends the sequence.`, constraint: null };
  if (sequence.length < sequence.maxLength) return null;
  const isContext = sequence.length >= state.runner.shape.maxPositionEmbeddings;
  const constraint: Constraint = {
    name: isContext ? 'context' : 'max_length',
    needed: sequence.length + 1,
    available: sequence.maxLength,
    limit: sequence.maxLength,
  };
  return { reason: 'length', rule: isContext ? 'The context is full.' : 'All tokens asked for are there.', constraint };
}

function record(state: EngineState, plan: StepPlan, { startMs, scheduledMs, movedMs, ranMs }: StepTimes, result: RunResult | Error): void {
  const endMs = state.now();
  const runMs = result instanceof Error ? 0 : result.runMs;
  const { waiting, running, swapped } = state.scheduler;
  const { numBlocks, pool } = state.blocks;
  state.counters.stepMs += endMs - startMs;
  state.counters.runMs += runMs;
  const entry = {
    step: plan.step,
    ...{ startMs, endMs, runMs, scheduleMs: scheduledMs - startMs, moveMs: movedMs - scheduledMs, sampleMs: endMs - ranMs },
    features: plan.features(),
    decisions: [...plan.decisions, ...state.scheduler.takeNotes()],
    ...{ numWaiting: waiting.length, numRunning: running.length, numSwapped: swapped.length },
    ...{ freeBlocks: pool.freeBlocks, cachedBlocks: pool.cachedBlocks, referencedBlocks: numBlocks - pool.availableBlocks },
    error: result instanceof Error ? result.message : null,
  };
  state.history.push(entry);
  state.events.emit({ type: 'step', record: entry });
}
