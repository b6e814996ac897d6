/** The model service: forward passes with captures, generation through the step loop, and the active weights. */
import { z } from 'zod';
import { defineService } from './endpoint.ts';
import { forwardEndpoints, hookPoint } from './forward.ts';
import { generationEndpoints } from './generation.ts';
import { loadProgress, provider, weightsEndpoints, activeWeights } from './weights.ts';

export const model = defineService({
  name: 'model',
  title: 'Model',
  description: 'Forward passes with captures, generation through the shared step loop, and the active weights.',
  state: z.object({
    status: z.enum(['empty', 'loading', 'ready', 'failed']),
    error: z.string().nullable(),
    weights: activeWeights.nullable(),
    loading: loadProgress.nullable(),
    config: z.record(z.string(), z.unknown()).nullable().meta({ description: "The model's config.json." }),
    num_layers: z.int().nullable(),
    num_attention_heads: z.int().nullable(),
    num_key_value_heads: z.int().nullable(),
    head_dim: z.int().nullable(),
    hidden_size: z.int().nullable(),
    vocab_size: z.int().nullable(),
    max_position_embeddings: z.int().nullable(),
    hook_points: z.array(hookPoint),
    layers: z.array(
      z.object({
        index: z.int(),
        parameters: z.int(),
        tensors: z.array(z.object({ name: z.string(), dtype: z.string(), shape: z.array(z.int()) })),
      }),
    ),
    execution_providers: z.array(z.object({ name: provider, available: z.boolean(), detail: z.string() })),
    threads: z.int(),
  }),
  endpoints: { ...forwardEndpoints, ...generationEndpoints, ...weightsEndpoints },
});
