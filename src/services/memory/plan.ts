/** The memory plan: what is active, and changing it while requests run, or saying why it can't be changed. */
import { messageOf } from '../../environment/thrown.ts';
import { ApiError, invalidInput, type Output, type ParsedInput, problemAt, shownNumber } from '../../contract/index.ts';
import { tierChange } from '../../contract/memory-config.ts';
import { assertRules } from '../../contract/rules.ts';
import { type BlockStore, type EngineConfig, type EvictionSource, MemoryBlockStore, type Tier } from '../../engine/index.ts';
import { EVICTION_RULES } from '../../patchable/memory/index.ts';
import { fromEngine } from '../engine-errors.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import type { Media } from './tiers.ts';

type Config = Output<'memory', 'config'>;
type Change = ParsedInput<'memory', 'configure'>;
type TierName = Config['tiers'][number]['name'];

/** The origin private file system as a store of blocks. Rejects where it is denied. */
export type OpenDisk = () => Promise<BlockStore>;

const GPU_BLOCKS = '/tiers/0/capacity_blocks';
/** Where the contract has what the engine refuses. */
const PATHS: Partial<Record<string, string>> = { numBlocks: GPU_BLOCKS, strategy: '/strategy', watermark: '/watermark', tiers: '/tiers' };

const ORDER: readonly TierName[] = ['gpu', 'cpu', 'disk'];

export class MemoryPlan {
  /** What the active tiers keep their blocks in. */
  #stores: ReadonlyMap<TierName, BlockStore> = new Map();

  constructor(
    private readonly active: ActiveModel,
    private readonly openDisk: OpenDisk,
  ) {}

  get media(): Media {
    return { gpu: this.active.provider === 'webgpu' ? 'gpu_buffer' : 'wasm_memory', cpu: 'memory', disk: 'opfs' };
  }

  current(): Config {
    const { engine } = this.active;
    const lower = engine.stats().memory.tiers.map(({ name, capacityBlocks }) => ({ name: name as TierName, capacityBlocks }));
    return this.#describe(engine.config, lower);
  }

  async change(change: Change): Promise<Output<'memory', 'configure'>> {
    const { engine } = this.active;
    const before = this.current();
    const cachedBefore = engine.stats().memory.cachedBlocks;
    const capacities = change.tiers && this.#capacities(change.tiers);
    const changes = this.#engineChanges(change, capacities?.get('gpu'));
    const lower =
      capacities && ORDER.slice(1).flatMap((name) => (capacities.get(name) ? [{ name, capacityBlocks: capacities.get(name)! }] : []));
    this.#checkPool(changes, change);

    if (change.validate_only) {
      const after = this.#describe({ ...engine.config, ...changes }, lower ?? lowerOf(before));
      return { config: after, changed: changedFields(before, after), dropped_cached_blocks: 0, validate_only: true };
    }
    const tiers = lower && this.#isNew(lower) ? await this.#open(lower) : undefined;
    try {
      if (tiers || Object.keys(changes).length > 0) await this.active.configure(changes, tiers);
      if (tiers) this.#stores = new Map(tiers.map(({ name, store }) => [name as TierName, store]));
    } catch (error) {
      throw fromEngine(error, PATHS);
    }
    const after = this.current();
    return {
      config: after,
      changed: changedFields(before, after),
      dropped_cached_blocks: Math.max(0, cachedBefore - engine.stats().memory.cachedBlocks),
      validate_only: false,
    };
  }

  /** Blocks by tier, the pool among them. */
  #capacities(tiers: NonNullable<Change['tiers']>): Map<TierName, number> {
    const names = tiers.map(({ name }) => name);
    const ordered = ORDER.filter((name) => names.includes(name));
    if (names[0] !== 'gpu' || names.join() !== ordered.join()) {
      throw invalidInput([
        { path: '/tiers', message: `must stand in the order gpu, cpu, disk, each once, with gpu; they are ${names.join(', ')}.` },
      ]);
    }
    const { blockBytes } = this.active.engine.runner.pool;
    return new Map(
      tiers.map(({ name, capacity_blocks, capacity_bytes }, i) => {
        assertRules(tierChange, tiers[i]!, ['tiers', i]);
        const blocks = capacity_blocks ?? Math.floor(capacity_bytes! / blockBytes);
        if (name === 'gpu' && blocks < 1) {
          throw invalidInput([{ path: `/tiers/${i}`, message: `must hold at least one block, which takes ${blockBytes} bytes.` }]);
        }
        return [name, blocks];
      }),
    );
  }

  #engineChanges(
    { block_size, strategy, eviction, watermark, prefix_caching }: Change,
    numBlocks: number | undefined,
  ): Partial<EngineConfig> {
    const { config } = this.active.engine;
    const rule = eviction === undefined ? undefined : [...EVICTION_RULES, config.eviction].find((known) => ruleName(known) === eviction);
    if (eviction !== undefined && !rule)
      throw new ApiError('code_invalid', `Eviction "${eviction}" is not active: the code resource memory.eviction is not patched.`);
    const wanted: Partial<EngineConfig> = {
      ...(numBlocks !== undefined && { numBlocks }),
      ...(block_size !== undefined && { blockSize: block_size }),
      ...(strategy !== undefined && { strategy }),
      ...(rule && { eviction: rule }),
      ...(watermark !== undefined && { watermark }),
      ...(prefix_caching !== undefined && { prefixCaching: prefix_caching }),
    };
    return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => config[key as keyof EngineConfig] !== value));
  }

  /** What no state of the engine would allow, said before anything is tried. */
  #checkPool({ numBlocks, blockSize }: Partial<EngineConfig>, change: Change): void {
    const { pool } = this.active.engine.runner;
    if (numBlocks !== undefined && numBlocks > pool.numBlocks) {
      throw problemAt('conflict', [
        change.tiers?.[0]?.capacity_bytes === undefined
          ? {
              path: GPU_BLOCKS,
              message: `must be at most ${shownNumber(pool.numBlocks)}, the blocks that this device holds; it is ${shownNumber(numBlocks)}.`,
            }
          : {
              path: '/tiers/0/capacity_bytes',
              message: `must be at most ${pool.numBlocks * pool.blockBytes}, the ${pool.numBlocks} blocks that this device holds; it is ${change.tiers[0].capacity_bytes}.`,
            },
      ]);
    }
    if (blockSize !== undefined && blockSize !== pool.blockSize) {
      throw problemAt('conflict', [
        {
          path: '/block_size',
          message: `must be ${pool.blockSize} while these weights are loaded: the pool was made with blocks of so many tokens; it is ${blockSize}.`,
        },
      ]);
    }
  }

  /** Whether tiers differ from the active ones, of which one that has failed is to be opened again. */
  #isNew(lower: readonly { name: TierName; capacityBlocks: number }[]): boolean {
    const { tiers } = this.active.engine.stats().memory;
    const active = tiers.map(({ name, capacityBlocks }) => ({ name, capacityBlocks }));
    return JSON.stringify(lower) !== JSON.stringify(active) || tiers.some(({ error }) => error !== null);
  }

  /** A store that is active and works is kept: opening the disk anew would take it from the sequences that lie there. */
  #open(lower: readonly { name: TierName; capacityBlocks: number }[]): Promise<Tier[]> {
    const { tiers } = this.active.engine.stats().memory;
    return Promise.all(
      lower.map(async ({ name, capacityBlocks }) => {
        const active = tiers.find((tier) => tier.name === name);
        const kept = active && (active.error === null || active.usedBlocks > 0) ? this.#stores.get(name) : undefined;
        if (kept) return { name, capacityBlocks, store: kept };
        if (name === 'cpu') return { name, capacityBlocks, store: new MemoryBlockStore() };
        try {
          return { name, capacityBlocks, store: await this.openDisk() };
        } catch (error) {
          throw new ApiError('conflict', `The disk tier can't be opened: ${messageOf(error)} Nothing was changed.`);
        }
      }),
    );
  }

  #describe(config: Readonly<EngineConfig>, lower: readonly { name: TierName; capacityBlocks: number }[]): Config {
    const { pool } = this.active.engine.runner;
    const { media } = this;
    const tier = (name: TierName, blocks: number) => ({
      name,
      medium: media[name],
      capacity_blocks: blocks,
      capacity_bytes: blocks * pool.blockBytes,
    });
    return {
      strategy: config.strategy,
      block_size: config.blockSize,
      eviction: ruleName(config.eviction),
      evictions: [...new Set([...EVICTION_RULES, config.eviction])].map((rule) => ({ name: ruleName(rule), rule: rule.rule })),
      watermark: config.watermark,
      prefix_caching: config.prefixCaching,
      tiers: [tier('gpu', config.numBlocks), ...lower.map(({ name, capacityBlocks }) => tier(name, capacityBlocks))],
      max_pool_blocks: pool.numBlocks,
    };
  }
}

/** A rule that did not come with the workbench is the patched one. */
const ruleName = (rule: EvictionSource): Config['eviction'] =>
  (EVICTION_RULES.includes(rule) ? rule.name : 'patched') as Config['eviction'];

const lowerOf = ({ tiers }: Config) => tiers.slice(1).map(({ name, capacity_blocks }) => ({ name, capacityBlocks: capacity_blocks }));

function changedFields(before: Config, after: Config): string[] {
  return (Object.keys(after) as (keyof Config)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
