/** The hierarchical memory plan: tiers with capacities, block size, strategy, eviction, watermark; read and changed while requests run. */
import { z } from 'zod';
import { inForms, options } from './in-forms.ts';
import * as rules from '../patchable/generated/rules.ts';
import { builtInName } from './built-in-name.ts';
import { endpoint } from './endpoint.ts';
import { alsoCalled } from './known-names.ts';
import { exactlyOne, withRules } from './rules.ts';

/** Tokens a block may hold. */
export const MAX_BLOCK_SIZE = 1024;

export const memoryStrategy = z.enum(['paged', 'dynamic', 'static']).meta(
  options(
    'How many blocks a sequence holds.',
    {
      paged: 'holds what its tokens need',
      dynamic: 'holds a capacity that doubles when it is full',
      static: 'holds from the start what its maximum length needs',
    },
    { label: 'Strategy', control: 'segments' },
  ),
);
const eviction = builtInName(rules.eviction, 'Which cached block goes first.', 'memory.eviction');
export const tierName = z
  .enum(['gpu', 'cpu', 'disk'])
  .meta({ description: '`gpu` is the pool that steps compute on; `cpu` and `disk` take blocks that were swapped out of it.' });
export const medium = z
  .enum(['gpu_buffer', 'wasm_memory', 'memory', 'opfs'])
  .meta({ description: 'What the tier really lies in: where there is no GPU, the pool lies in memory of the WASM runtime.' });

const blocks = z.int().min(0);
const bytes = z.int().min(0);

const memoryConfig = z
  .object({
    strategy: memoryStrategy,
    block_size: z.int().min(1),
    eviction,
    evictions: z.array(z.object({ name: eviction, rule: z.string() })).meta({ description: 'The rules there are.' }),
    watermark: z.number().min(0).lt(1),
    prefix_caching: z.boolean(),
    tiers: z.array(z.object({ name: tierName, medium, capacity_blocks: blocks, capacity_bytes: bytes })),
    max_pool_blocks: blocks.meta({ description: 'What this device could hold in the pool.' }),
  })
  .meta({ id: 'MemoryConfig', description: 'The active hierarchical memory plan.' });

export const tierChange = withRules(
  z.strictObject({
    name: tierName,
    capacity_blocks: z
      .int()
      .min(0)
      .max(10_000_000)
      .optional()
      .meta({ description: 'Give this or `capacity_bytes`.', ...inForms({ step: 64 }) }),
    capacity_bytes: z.int().min(0).optional().meta({ description: 'Rounded down to whole blocks.' }),
  }),
  exactlyOne('capacity_blocks', 'capacity_bytes'),
);

export const memoryConfigEndpoints = {
  config: endpoint({
    method: 'GET',
    path: 'config',
    scope: 'read',
    summary: 'The active memory plan',
    description: 'Tiers with capacities, block size, strategy, eviction, watermark.',
    input: z.object({}),
    output: memoryConfig,
    errors: ['model_not_loaded'],
    examples: [
      {
        name: 'memory plan',
        description: 'The pool is the first tier.',
        input: {},
        validation_rules: {
          pool_is_first: 'output.tiers[0].name == "gpu"',
          has_blocks: 'output.tiers[0].capacity_blocks > 0',
          knows_its_rule: 'output.evictions.exists(e, e.name == output.eviction)',
        },
      },
    ],
  }),
  configure: endpoint({
    method: 'PUT',
    path: 'config',
    scope: 'patch',
    summary: 'Change the memory plan',
    description:
      'What is left out stays. While requests run the change migrates them (blocks are moved, or requests computed again from their tokens) or answers 409 with the field and the reason, having changed nothing. No request is lost.',
    input: z.object({
      tiers: z
        .array(tierChange)
        .min(1)
        .max(3)
        .optional()
        .meta({
          description: 'In order `gpu`, `cpu`, `disk`; the first is needed, a tier left out takes nothing.',
          ...inForms({ label: 'Tiers', order: 1 }),
        }),
      block_size: z.int().min(1).max(MAX_BLOCK_SIZE).optional().meta({ description: 'Tokens per block. Another size means a new pool.' }),
      strategy: memoryStrategy.optional(),
      eviction: eviction.optional().meta(inForms({ label: 'Eviction' })),
      watermark: z
        .number()
        .min(0)
        .lt(1)
        .optional()
        .meta({
          description: 'Share of the pool that admission leaves free for running sequences to grow.',
          ...inForms({ label: 'Watermark', unit: '%', scale: 100 }),
        }),
      prefix_caching: z
        .boolean()
        .optional()
        .meta({
          description: 'Switched off, the cached blocks are dropped.',
          ...alsoCalled('enable_prefix_caching'),
          ...inForms({ label: 'Prefix caching' }),
        }),
      validate_only: z.boolean().default(false).meta({ description: 'Say what would happen and change nothing.' }),
    }),
    output: z.object({
      config: memoryConfig.meta({ description: 'The active one, or what would be.' }),
      changed: z.array(z.string()).meta({ description: 'Names of the fields whose value is another one than before.' }),
      dropped_cached_blocks: blocks,
      validate_only: z.boolean(),
    }),
    errors: ['conflict', 'out_of_blocks', 'model_not_loaded', 'code_invalid'],
    examples: [
      {
        name: 'change nothing',
        description: 'What is left out stays.',
        input: {},
        expected_output: { changed: [], dropped_cached_blocks: 0 },
      },
      {
        name: 'would a watermark of 5 % do',
        description: 'The plan as it would be; nothing is changed.',
        input: { watermark: 0.05, validate_only: true },
        expected_output: { config: { watermark: 0.05 }, validate_only: true },
      },
      {
        name: 'a pool larger than the device',
        description: '409 names the field and what there is.',
        input: { tiers: [{ name: 'gpu', capacity_blocks: 10_000_000 }], validate_only: true },
        expected_error: 'conflict',
      },
      {
        name: 'a watermark of one',
        description: 'It would leave nothing to admit.',
        input: { watermark: 1 },
        expected_error: 'validation_failed',
      },
      {
        name: 'an unknown strategy',
        description: '422 names the strategies there are.',
        input: { strategy: 'greedy' } as never,
        expected_error: 'validation_failed',
      },
    ],
  }),
};
