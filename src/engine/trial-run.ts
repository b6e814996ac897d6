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
    let found: number | undefined;
    try {
      const { logits } = await runner.run([{ tokenIds, past, blockTable: [0], logits: 'last' }]);
      found = logits[0]?.length;
    } catch (error) {
      throw new TrialError(`The model's first ${what} failed: ${messageOf(error)}`, { cause: error });
    }
    if (found !== runner.shape.vocabSize)
      throw new TrialError(
        `The model's first ${what} gave ${found ?? 'no'} logits; expected one for each of ${runner.shape.vocabSize} tokens.`,
      );
  }
}
