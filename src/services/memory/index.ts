/** The memory service: the engine's paged KV cache as the contract tells it, and the plan that rules it. */
import { type Implementation, type Output, type ParsedInput, problemAt, type ServiceState, shownNumber } from '../../contract/index.ts';
import { type Allocation, DuplicateAllocationError, OutOfBlocksError } from '../../engine/index.ts';
import { shortId } from '../../environment/ids.ts';
import { fromEngine } from '../engine-errors.ts';
import { isoTime } from '../iso-time.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { MemoryPlan, type OpenDisk } from './plan.ts';
import { tiersOf } from './tiers.ts';

type AllocationOutput = Output<'memory', 'allocate'>;

export class MemoryService implements Implementation<'memory'> {
  readonly #plan: MemoryPlan;
  /** Timers of allocations that expire, and when, by id. */
  readonly #expiries = new Map<string, { timer: ReturnType<typeof setTimeout>; at: number }>();

  constructor(
    private readonly active: ActiveModel,
    openDisk: OpenDisk,
  ) {
    this.#plan = new MemoryPlan(active, openDisk);
  }

  state(): ServiceState<'memory'> {
    const stats = this.active.current?.engine.stats().memory;
    return {
      ready: stats !== undefined,
      strategy: this.active.current?.engine.config.strategy ?? null,
      used_blocks: stats?.referencedBlocks ?? null,
      cached_blocks: stats?.cachedBlocks ?? null,
      capacity_blocks: stats?.numBlocks ?? null,
      allocations: stats?.allocations ?? 0,
    };
  }

  allocate({ tokens, id, expires_in_ms }: ParsedInput<'memory', 'allocate'>): AllocationOutput {
    const { engine } = this.active;
    try {
      const allocation = engine.allocate(tokens, id ?? shortId('alloc'));
      // One of the same id may have gone with its pool.
      this.#forgetExpiry(allocation.id);
      if (expires_in_ms !== undefined) {
        const timer = setTimeout(() => this.#expire(allocation.id), expires_in_ms);
        this.#expiries.set(allocation.id, { timer, at: allocation.createdMs + expires_in_ms });
      }
      return this.#describe(allocation);
    } catch (error) {
      if (error instanceof OutOfBlocksError) {
        const { needed, available, total } = error;
        throw problemAt('out_of_blocks', [
          {
            path: '/tokens',
            message: `must fit the free blocks: they need ${shownNumber(needed)}, and ${shownNumber(available)} of ${shownNumber(total)} are free.`,
          },
        ]);
      }
      if (error instanceof DuplicateAllocationError) throw problemAt('conflict', [{ path: '/id', message: `"${error.id}" is taken.` }]);
      throw fromEngine(error);
    }
  }

  allocations(): Output<'memory', 'allocations'> {
    const allocations = this.active.engine.allocations().map((allocation) => this.#describe(allocation));
    return {
      allocations,
      blocks: allocations.reduce((sum, { block_ids }) => sum + block_ids.length, 0),
      bytes: allocations.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  free({ id }: ParsedInput<'memory', 'free'>): Output<'memory', 'free'> {
    const { engine } = this.active;
    try {
      const blocks = engine.free(id);
      this.#forgetExpiry(id);
      return { id, blocks_freed: blocks, bytes_freed: blocks * engine.runner.pool.blockBytes };
    } catch (error) {
      throw fromEngine(error);
    }
  }

  stats(): Output<'memory', 'stats'> {
    const { engine } = this.active;
    const { config, memory } = engine.stats();
    const map = engine.memoryMap();
    const allocations = engine.allocations();
    const unused = Math.max(0, memory.heldTokens - memory.usedTokens);
    return {
      strategy: config.strategy,
      block_size: memory.blockSize,
      block_bytes: memory.blockBytes,
      tiers: tiersOf(memory, this.#plan.media),
      sequences: map.tables.length,
      held_tokens: memory.heldTokens,
      used_tokens: memory.usedTokens,
      fragmentation: Math.min(1, Math.max(0, memory.fragmentation)),
      wasted_bytes: Math.round((unused / memory.blockSize) * memory.blockBytes),
      shared_blocks: map.references.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0),
      prefix: {
        enabled: config.prefixCaching,
        queried_tokens: memory.prefixQueriedTokens,
        hit_tokens: memory.prefixHitTokens,
        hit_rate: memory.prefixQueriedTokens > 0 ? memory.prefixHitTokens / memory.prefixQueriedTokens : null,
      },
      evictions: memory.evictions,
      copies: memory.copies,
      swapped_out_blocks: memory.swapsOut,
      swapped_in_blocks: memory.swapsIn,
      allocations: {
        count: allocations.length,
        blocks: allocations.reduce((sum, { blocks }) => sum + blocks.length, 0),
        bytes: allocations.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    };
  }

  blocks(): Output<'memory', 'blocks'> {
    const { engine } = this.active;
    const { references, hashed, tables, allocations, swapped } = engine.memoryMap();
    return {
      references: { dtype: 'int32', shape: [references.length], data: Int32Array.from(references) },
      hashed: { dtype: 'uint8', shape: [hashed.length], data: Uint8Array.from(hashed) },
      sequences: tables.map(({ sequenceId, requestId, computedTokens, blocks, reserved }) => ({
        sequence_id: sequenceId,
        request_id: requestId,
        tokens: computedTokens,
        block_ids: [...blocks],
        reserved_block_ids: [...reserved],
      })),
      allocations: allocations.map(({ id, blocks }) => ({ id, block_ids: [...blocks] })),
      swapped: swapped.map(({ sequenceId, requestId, slots }) => ({
        sequence_id: sequenceId,
        request_id: requestId,
        slots: slots.map(({ tier, slot }) => ({ tier: tier as 'cpu' | 'disk', slot })),
      })),
      tiers: tiersOf(engine.stats().memory, this.#plan.media),
    };
  }

  config(): Output<'memory', 'config'> {
    return this.#plan.current();
  }

  configure(input: ParsedInput<'memory', 'configure'>): Promise<Output<'memory', 'configure'>> {
    return this.#plan.change(input);
  }

  #forgetExpiry(id: string): void {
    clearTimeout(this.#expiries.get(id)?.timer);
    this.#expiries.delete(id);
  }

  /** Frees an allocation whose time is over, unless a caller was faster. */
  #expire(id: string): void {
    this.#expiries.delete(id);
    if (this.active.current?.engine.allocations().some((allocation) => allocation.id === id)) this.active.current.engine.free(id);
  }

  #describe({ id, tokens, blocks, bytes, createdMs }: Allocation): AllocationOutput {
    const expiry = this.#expiries.get(id);
    return {
      id,
      tokens,
      block_ids: [...blocks],
      block_size: this.active.engine.config.blockSize,
      bytes,
      created_at: isoTime(createdMs),
      expires_at: expiry ? isoTime(expiry.at) : null,
    };
  }
}
