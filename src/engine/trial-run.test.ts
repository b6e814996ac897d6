/** A model is tried before it serves: one that gives no numbers must not take the place of one that does. */
import { expect, test } from 'vitest';
import type { ModelRunner } from './model-runner.ts';
import { tryOut } from './trial-run.ts';

const runner = (logit: (step: number) => number) => {
  let step = 0;
  return {
    shape: { vocabSize: 4, maxPositionEmbeddings: 8 },
    pool: { blockSize: 4 },
    run: async () => ({ logits: [Float32Array.of(1, 2, logit(step++), 3)], captures: [], runMs: 0 }),
  } as unknown as ModelRunner;
};

test('finite logits pass', () => expect(tryOut(runner(() => 0))).resolves.toBeUndefined());

test.each([
  ['NaN', 0, 'prompt'],
  ['Infinity', 0, 'prompt'],
  ['-Infinity', 1, 'decode step'],
])('%s in step %i is told with its token', async (value, at, what) => {
  await expect(tryOut(runner((step) => (step === at ? Number(value) : 0)))).rejects.toMatchObject({
    name: 'TrialError',
    message: expect.stringMatching(
      `^The model's first ${what} gave ${value} as the logit of token 2; expected finite numbers\\.`,
    ) as string,
  });
});
