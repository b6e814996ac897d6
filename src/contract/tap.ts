/** Taps: values inside a forward pass that a caller changes on their way. */
import { z } from 'zod';
import { tensorInput } from './tensor.ts';

/** Taps in one forward call. */
export const MAX_TAPS = 256;
/** Places that a tap may select on one axis, and values of a vector. */
const MAX_PLACES = 1_000_000;

const where = {
  hook_point: z.string().max(256).meta({
    description: 'Of `GET /model/info`, one that is `tappable`; `*` stands for every layer: `layers.*.attn_out`, `hidden_states.3`.',
  }),
  sequences: z.array(z.int().min(0)).min(1).max(MAX_PLACES).optional().meta({ description: 'Rows of the batch; all unless given.' }),
  tokens: z
    .array(z.int())
    .min(1)
    .max(MAX_PLACES)
    .optional()
    .meta({ description: 'Positions, -1 for the last of each sequence; all unless given.' }),
  heads: z
    .array(z.int().min(0))
    .min(1)
    .max(MAX_PLACES)
    .optional()
    .meta({ description: 'Of `q` (query heads) and of `k` and `v` (K/V heads); all unless given.' }),
};

const value = z.union([z.float32(), z.array(z.float32()).min(1).max(MAX_PLACES), tensorInput]).meta({
  description:
    'A number, a vector of the width of the value, or a tensor that ends in the axes [sequences, tokens, heads, width] (heads where the value has them). An axis of the tensor has size 1, or that of the whole value (the same place is taken, so a capture of another run fits as it is), or as many places as are selected.',
});

/** A change of one value; several apply in their order. */
export const tap = z
  .discriminatedUnion('op', [
    z.strictObject({ ...where, op: z.literal('replace'), value }).meta({ title: 'Replace: x = value' }),
    z.strictObject({ ...where, op: z.literal('ablate') }).meta({ title: 'Ablate: x = 0' }),
    z.strictObject({ ...where, op: z.literal('add'), value }).meta({ title: 'Add: x = x + value' }),
    z.strictObject({ ...where, op: z.literal('scale'), value }).meta({ title: 'Scale: x = x · value' }),
  ])
  .meta({ id: 'Tap' });
