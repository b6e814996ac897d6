/** The first run of a model, before it takes the place of the active one: what a graph declares may not be what it does. */
import { messageOf } from './errors.ts';
import type { ModelRunner } from './model-runner.ts';

/** The model was built, and does not run. */
export class TrialError extends Error {
  override readonly name = 'TrialError';
}

/** A prompt of two tokens, and a third on top of it. @throws TrialError */
export async function tryOut(runner: ModelRunner): Promise<void> {
  const room = Math.min(runner.shape.maxPositionEmbeddings, runner.pool.blockSize);
  const prompt = Math.min(2, room);
  const steps = [{ what: 'prompt', past: 0, length: prompt }, ...(prompt < room ? [{ what: 'decode step', past: prompt, length: 1 }] : [])];
  for (const { what, past, length } of steps) {
    const tokenIds = Array.from({ length }, (_, i) => (past + i) % runner.shape.vocabSize);
    let found: ArrayLike<number> | undefined;
    try {
      const { logits } = await runner.run([{ tokenIds, past, blockTable: [0], logits: 'last' }]);
      found = logits[0];
    } catch (error) {
      throw new TrialError(`The model's first ${what} failed: ${messageOf(error)}`, { cause: error });
    }
    if (found?.length !== runner.shape.vocabSize)
      throw new TrialError(
        `The model's first ${what} gave ${found?.length ?? 'no'} logits; expected one for each of ${runner.shape.vocabSize} tokens.`,
      );
    const bad = Array.prototype.findIndex.call(found, (logit: number) => !Number.isFinite(logit));
    if (bad >= 0)
      throw new TrialError(
        `The model's first ${what} gave ${found[bad]} as the logit of token ${bad}; expected finite numbers. A weight or a constant of config.json is not finite, or too large for the precision it is computed in.`,
      );
  }
}
