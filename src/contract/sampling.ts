/** What a sampler heeds, in the order of the forms. The engine's `SamplingParams` has each under its own spelling: `top_k` is `topK`. */
import { z } from 'zod';
import { inForms } from './in-forms.ts';
import { alsoCalled } from './known-names.ts';

export const samplingFields = {
  temperature: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({
      description: 'Divides the logits, after the penalty; 0 takes the best token.',
      ...alsoCalled('temp'),
      ...inForms({ usual: [0, 2], step: 0.05 }),
    }),
  top_k: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Keep the k best, and those equal to the last of them; 0 keeps all.', ...inForms({ usual: [0, 100] }) }),
  top_p: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .meta({
      description: 'Keep the fewest of the best whose share of what `top_k` left is at least this.',
      ...alsoCalled('nucleus'),
      ...inForms({ usual: [0.01, 1], step: 0.01 }),
    }),
  min_p: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta({
      description: 'Of what `top_p` left, keep the tokens at least this share as probable as the best.',
      ...inForms({ usual: [0, 0.5], step: 0.01 }),
    }),
  repetition_penalty: z
    .number()
    .gt(0)
    .max(100)
    .default(1)
    .meta({
      description:
        'Divides the positive logits of tokens in the prompt and the completion so far and multiplies their negative ones; comes first.',
      ...alsoCalled('repeat_penalty'),
      ...inForms({ usual: [0.8, 1.6], step: 0.01 }),
    }),
};

export const sampling = z.object(samplingFields);
