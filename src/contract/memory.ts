/** The memory service: the paged KV cache of the engine, its tiers, and blocks held by hand. */
import { z } from 'zod';
import { inForms } from './in-forms.ts';
import { chosenId, defineService, endpoint } from './endpoint.ts';
import { medium, memoryConfigEndpoints, memoryStrategy, tierName } from './memory-config.ts';
import { tensorSchema } from './tensor.ts';

/** Tokens that one allocation may ask for. */
export const MAX_ALLOCATION_TOKENS = 10_000_000;
const blocks = z.int().min(0);
const bytes = z.int().min(0);
const blockIds = z.array(z.int().min(0)).meta({ description: 'Blocks of the pool, in the order of their tokens.' });

const allocation = z
  .object({
    id: z.string(),
    tokens: z.int().min(1),
    block_ids: blockIds,
    block_size: z.int().min(1).meta({ description: 'Tokens per block.' }),
    bytes,
    created_at: z.string(),
    expires_at: z.string().nullable(),
  })
  .meta({ id: 'Allocation', description: 'Blocks that a caller holds by hand.' });

const tier = z
  .object({
    name: tierName,
    medium,
    capacity_blocks: blocks,
    used_blocks: blocks.meta({ description: 'Held by sequences and allocations.' }),
    cached_blocks: blocks.meta({
      description: 'Held by nobody; a prefix hit could still use them, and they are evicted when room is needed.',
    }),
    free_blocks: blocks,
    capacity_bytes: bytes,
    used_bytes: bytes,
    cached_bytes: bytes,
    free_bytes: bytes,
    error: z.string().nullable().meta({ description: 'Why the tier is closed, such as a file system that was denied or is full.' }),
  })
  .meta({ id: 'MemoryTier' });

const memoryStats = z
  .object({
    strategy: memoryStrategy,
    block_size: z.int().min(1).meta({ description: 'Tokens per block.' }),
    block_bytes: bytes.meta({ description: 'Keys and values of all layers for one block.' }),
    tiers: z.array(tier).meta({ description: 'The fastest first.' }),
    sequences: z.int().min(0).meta({ description: 'Sequences that hold blocks of the pool.' }),
    held_tokens: z.int().min(0).meta({ description: 'Token places in used blocks of the pool.' }),
    used_tokens: z
      .int()
      .min(0)
      .meta({ description: 'Of these, the places that hold keys and values someone uses; a shared place counts once.' }),
    fragmentation: z.number().min(0).max(1).meta({ description: '1 − used_tokens / held_tokens; 0 when nothing is held.' }),
    wasted_bytes: bytes.meta({ description: 'Bytes of places held for nothing.' }),
    shared_blocks: blocks.meta({ description: 'Blocks in more than one block table.' }),
    prefix: z.object({
      enabled: z.boolean(),
      queried_tokens: z.int().min(0).meta({ description: 'Prompt tokens that were looked up.' }),
      hit_tokens: z.int().min(0),
      hit_rate: z.number().min(0).max(1).nullable().meta({ description: '`null` before the first prompt.' }),
    }),
    evictions: z.int().min(0).meta({ description: 'Cached blocks whose contents were given up for room.' }),
    copies: z.int().min(0).meta({ description: 'Blocks copied on write.' }),
    swapped_out_blocks: blocks,
    swapped_in_blocks: blocks,
    allocations: z
      .object({ count: z.int().min(0), blocks, bytes })
      .meta({ description: 'Held by hand; what stays here without a reason is a leak.' }),
  })
  .meta({ id: 'MemoryStats', description: 'Counters run since the weights were loaded.' });

export const memory = defineService({
  name: 'memory',
  title: 'Memory',
  description: 'The paged KV cache: blocks, tiers GPU → CPU → disk, prefix reuse, eviction, and the plan that rules them.',
  state: z.object({
    ready: z.boolean().meta({ description: 'A model is loaded, so that there is a pool.' }),
    strategy: memoryStrategy.nullable(),
    used_blocks: blocks.nullable(),
    cached_blocks: blocks.nullable(),
    capacity_blocks: blocks.nullable(),
    allocations: z.int().min(0),
  }),
  endpoints: {
    allocate: endpoint({
      method: 'POST',
      path: 'allocate',
      scope: 'run',
      summary: 'Hold KV blocks',
      description:
        'Holds real blocks of the pool that serves requests, as many as a sequence of so many tokens needs; cached blocks are evicted for it. They stay held until `DELETE /memory/free/{id}`, or until they expire.',
      input: z.object({
        tokens: z
          .int()
          .min(1)
          .max(MAX_ALLOCATION_TOKENS)
          .meta({ description: 'Length of the sequence.', ...inForms({ label: 'Tokens', step: 16 }) }),
        id: chosenId.optional().meta({ description: 'Given out when left out.' }),
        expires_in_ms: z
          .int()
          .min(1)
          .max(86_400_000)
          .optional()
          .meta({
            description: 'Freed by itself after so long; held without end when left out.',
            ...inForms({ label: 'Expires after', empty: 'never', unit: 's', scale: 1 / 1000 }),
          }),
      }),
      output: allocation,
      errors: ['out_of_blocks', 'conflict', 'model_not_loaded'],
      examples: [
        {
          name: 'hold 40 tokens',
          description: 'The blocks cover the tokens, with less than a block to spare.',
          input: { tokens: 40, expires_in_ms: 50 },
          expected_output: { tokens: 40 },
          validation_rules: {
            covers_the_tokens: 'double(size(output.block_ids)) * output.block_size >= tokens',
            no_block_too_many: '(double(size(output.block_ids)) - 1.0) * output.block_size < tokens',
          },
        },
        {
          name: 'hold one token',
          description: 'The smallest allocation takes a whole block.',
          input: { tokens: 1, expires_in_ms: 50 },
          validation_rules: { block_ids_length: '1', has_bytes: 'output.bytes > 0' },
        },
        {
          name: 'more than the pool has',
          description: '507 names the blocks that are needed and those that are there; nothing is held.',
          input: { tokens: MAX_ALLOCATION_TOKENS },
          expected_error: 'out_of_blocks',
        },
        { name: 'hold nothing', description: 'At least one token.', input: { tokens: 0 }, expected_error: 'validation_failed' },
      ],
    }),
    allocations: endpoint({
      method: 'GET',
      path: 'allocations',
      scope: 'read',
      summary: 'What is held by hand',
      description: 'Every allocation with its blocks, the oldest first.',
      input: z.object({}),
      output: z.object({ allocations: z.array(allocation), blocks, bytes }),
      errors: ['model_not_loaded'],
      examples: [
        {
          name: 'allocations',
          description: 'A list, perhaps empty.',
          input: {},
          validation_rules: { each_has_blocks: 'output.allocations.all(a, size(a.block_ids) > 0)' },
        },
      ],
    }),
    free: endpoint({
      method: 'DELETE',
      path: 'free/{id}',
      scope: 'run',
      summary: 'Free an allocation',
      description: 'Its blocks go back to the pool at once.',
      input: z.object({ id: z.string() }),
      output: z.object({ id: z.string(), blocks_freed: blocks, bytes_freed: bytes }),
      errors: ['not_found', 'model_not_loaded'],
      examples: [
        {
          name: 'free an unknown allocation',
          description: 'An id that holds nothing.',
          input: { id: 'alloc_unknown' },
          expected_error: 'not_found',
        },
        { name: 'free an id of one space', description: 'It holds nothing either.', input: { id: ' ' }, expected_error: 'not_found' },
        {
          name: 'free an id with reserved characters',
          description: 'Slashes and question marks travel encoded.',
          input: { id: 'a/b?c=d' },
          expected_error: 'not_found',
        },
      ],
    }),
    stats: endpoint({
      method: 'GET',
      path: 'stats',
      scope: 'read',
      summary: 'Use of the memory',
      description: 'Per tier used, cached and free blocks and bytes; fragmentation, waste, prefix hit rate, evictions, copies and swaps.',
      input: z.object({}),
      output: memoryStats,
      errors: ['model_not_loaded'],
      examples: [
        {
          name: 'memory in use',
          description: 'Used, cached and free blocks of each tier are all its blocks.',
          input: {},
          validation_rules: {
            adds_up: 'output.tiers.all(t, t.used_blocks + t.cached_blocks + t.free_blocks == t.capacity_blocks)',
            pool_is_first: 'output.tiers[0].name == "gpu"',
            no_more_used_than_held: 'output.used_tokens <= output.held_tokens',
          },
        },
      ],
    }),
    blocks: endpoint({
      method: 'GET',
      path: 'blocks',
      scope: 'read',
      summary: 'The map of blocks',
      description:
        'Who holds which block of every tier: block tables of sequences, allocations, slots of swapped sequences; and for each block of the pool how often it is referenced and whether a prefix can find it.',
      input: z.object({}),
      output: z
        .object({
          references: tensorSchema.meta({
            description:
              '[blocks of the pool] int32: block tables and allocations that hold the block. 0 and not hashed: free; 0 and hashed: cached; above 1: shared.',
          }),
          hashed: tensorSchema.meta({ description: '[blocks of the pool] uint8: 1 where a prefix can find the contents.' }),
          sequences: z.array(
            z.object({
              sequence_id: z.string(),
              request_id: z.string(),
              tokens: z.int().min(0).meta({ description: 'With keys and values.' }),
              block_ids: blockIds,
              reserved_block_ids: blockIds.meta({ description: 'Held for tokens to come, by `dynamic` and `static`.' }),
            }),
          ),
          allocations: z.array(z.object({ id: z.string(), block_ids: blockIds })),
          swapped: z.array(
            z.object({
              sequence_id: z.string(),
              request_id: z.string(),
              slots: z.array(z.object({ tier: tierName, slot: z.int().min(0) })),
            }),
          ),
          tiers: z.array(tier),
        })
        .meta({ id: 'MemoryMap' }),
      errors: ['model_not_loaded'],
      examples: [
        {
          name: 'map of blocks',
          description: 'One entry for each block of the pool.',
          input: {},
          validation_rules: {
            one_entry_a_block: 'output.references.shape[0] == output.tiers[0].capacity_blocks',
            same_size: 'output.references.shape == output.hashed.shape',
          },
        },
      ],
    }),
    ...memoryConfigEndpoints,
  },
});
