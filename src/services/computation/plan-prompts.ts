/** Prompts of a plan as ids: those of its example, those that a caller gives, or made-up ones. */
import { invalidInput } from '../../contract/index.ts';
import type { PlanFields } from '../../contract/plan.ts';
import { promptsIn } from '../../contract/plan-example.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { promptTokens } from '../../engine/workload/workload.ts';
import { encodePrompt } from '../model/prompt.ts';
import { inTokenizer } from '../tokenizer-errors.ts';
import { type ExecutionPlan, promptLength } from './plan.ts';

/** With its place in the input or the plan that it came from. */
export interface PlacedPrompt {
  path: string;
  ids: readonly number[];
}

/** @throws ApiError validation_failed for a text that gives no token */
export function examplePrompts(example: NonNullable<ExecutionPlan['example_input']>, tokenizer: () => Tokenizer): PlacedPrompt[] {
  return promptsIn(example).map(({ path, prompt }) => {
    const place = `/example_input${path}`;
    if (typeof prompt !== 'string') return { path: place, ids: prompt };
    const ids = inTokenizer(() => encodePrompt(tokenizer(), prompt, true));
    if (ids.length === 0)
      throw invalidInput([{ path: place, message: 'must give at least one token; it gives none, and the tokenizer adds none.' }]);
    return { path: place, ids };
  });
}

/** The same prompts for the same seed and vocabulary. */
export function madeUpPrompts(plan: PlanFields, seed: number, vocabSize: number): number[][] {
  return Array.from({ length: plan.batch_size }, (_, i) => [
    ...promptTokens(
      { arrivalMs: 0, outputLength: 1, segments: [{ hash: (Math.imul(seed, 0x9e3779b1) + i) | 0, length: promptLength(plan) }] },
      vocabSize,
    ),
  ]);
}
