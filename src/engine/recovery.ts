/** What happens to sequences when the ground under them changes: a failed run, new weights, new code. */
import { InfeasibleRequestError, messageOf } from './errors.ts';
import type { EngineState } from './engine-state.ts';
import { checkBlocks, checkTokens } from './intake.ts';
import type { ModelRunner } from './model-runner.ts';
import type { Sequence } from './sequence.ts';

/** What becomes of unfinished sequences: computed again from their tokens, or ended with a reason. */
export type Unfinished = 'replay' | 'end';

/** A sequence may fail so many times in a row without a token before it ends with an error. */
const MAX_FAILURES = 3;

/**
 * After a failed run every sequence is replayed from its tokens, those of the batch one by one, so that one that cannot be computed
 * does not take the others down. Without a runner all end with an error.
 */
export async function recoverFrom(state: EngineState, thrown: unknown, batch: readonly Sequence[], couldBeIntact: boolean): Promise<void> {
  state.counters.failedRuns++;
  const message = messageOf(thrown);
  const replayed: string[] = [];
  try {
    const { runner, poolIntact } = await state.recover(thrown, state.runner);
    if (!(poolIntact && couldBeIntact && runner === state.runner)) losePool(state, runner);
    for (const sequence of batch) {
      if (sequence.state === 'finished') continue;
      sequence.suspect = true;
      if (++sequence.failures > MAX_FAILURES) {
        sequence.cause = thrown;
        state.generations.finish(sequence, 'error', `The run failed ${sequence.failures} times: ${message}`);
      } else replayed.push(sequence.id);
    }
  } catch (fatal) {
    state.failure = `${message}; no recovery: ${messageOf(fatal)}`;
    for (const sequence of state.scheduler.unfinished) state.generations.finish(sequence, 'error', `The runner failed: ${state.failure}`);
  }
  state.events.emit({ type: 'run_failed', timeMs: state.now(), message, recovered: state.failure === null, replayed });
}

/** New weights, or the same in a new pool. Nothing computed before is used again. */
export function replaceRunner(state: EngineState, runner: ModelRunner, weightsHash: string, unfinished: Unfinished): void {
  state.runner = runner;
  state.weightsHash = weightsHash;
  state.failure = null;
  state.config = { ...state.config, numBlocks: runner.pool.numBlocks, blockSize: runner.pool.blockSize };
  const fates = settle(state, state.scheduler.unfinished, unfinished, 'The weights were replaced.');
  state.renewBlocks();
  state.events.emit({ type: 'runner_replaced', timeMs: state.now(), weightsHash, ...fates });
}

/** New code in the same runner. Blocks of another revision stay cached, to be found when it comes back. */
export function setRevision(state: EngineState, codeRevision: string, unfinished: Unfinished): void {
  const started = state.scheduler.unfinished.filter((sequence) => sequence.state !== 'waiting' || sequence.numCompletion > 0);
  const fates = settle(state, started, unfinished, 'The code of the model was replaced.');
  state.codeRevision = codeRevision;
  state.blocks.setRoot(state.weightsHash, codeRevision);
  state.events.emit({ type: 'revision_changed', timeMs: state.now(), codeRevision, ...fates });
}

/** Keys and values in the pool are gone; those in the tiers stay where the new pool has blocks of the same kind. */
function losePool(state: EngineState, runner: ModelRunner): void {
  const before = state.runner.pool;
  const { pool } = runner;
  state.runner = runner;
  for (const sequence of [...state.scheduler.running]) state.scheduler.requeue(sequence);
  state.blocks.pool.dropContents();
  if (pool.numBlocks >= state.config.numBlocks && pool.blockSize === before.blockSize && pool.blockBytes === before.blockBytes) return;
  state.config = { ...state.config, numBlocks: pool.numBlocks, blockSize: pool.blockSize };
  settle(state, state.scheduler.unfinished, 'replay', 'The runner was replaced.');
  state.renewBlocks();
}

/** Ends sequences, or puts them back into the queue where they still fit model and pool. */
function settle(
  state: EngineState,
  sequences: readonly Sequence[],
  unfinished: Unfinished,
  reason: string,
): { replayed: string[]; ended: string[] } {
  const fates = { replayed: [] as string[], ended: [] as string[] };
  for (const sequence of sequences) {
    const misfit = misfitOf(state, sequence);
    if (unfinished === 'end' || misfit) {
      fates.ended.push(sequence.id);
      sequence.superseded = true;
      state.generations.finish(sequence, 'error', misfit ? `${reason} ${misfit}` : reason);
    } else {
      fates.replayed.push(sequence.id);
      state.scheduler.requeue(sequence);
    }
  }
  return fates;
}

/** Why the model or the pool can't take a sequence; `null` when they can. */
function misfitOf({ runner, config }: EngineState, sequence: Sequence): string | null {
  try {
    checkTokens(sequence.tokenIds, runner.shape);
    checkBlocks(sequence, config.blockSize, config.numBlocks);
  } catch (thrown) {
    if (thrown instanceof InfeasibleRequestError) return thrown.message;
    throw thrown;
  }
  const context = runner.shape.maxPositionEmbeddings;
  return sequence.maxLength > context ? `It may grow to ${sequence.maxLength} tokens; the context has ${context}.` : null;
}
