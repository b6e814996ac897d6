/** The memory plan as a form holds it, and the least change that brings it about. */
import type { Input, Output } from '../../contract/index.ts';
import { formatBytes } from '../kit/format.ts';

export type Config = Output<'memory', 'config'>;
export type Change = Input<'memory', 'configure'>;
type TierName = Config['tiers'][number]['name'];

export interface PlanDraft extends Pick<Config, 'strategy' | 'eviction' | 'watermark' | 'prefix_caching'> {
  /** Blocks; 0: no such tier. */
  blocks: Record<TierName, number>;
}

const FIELDS = ['strategy', 'eviction', 'watermark', 'prefix_caching'] as const;
const TIERS = ['gpu', 'cpu', 'disk'] as const;

export function draftOf({ strategy, eviction, watermark, prefix_caching, tiers }: Config): PlanDraft {
  const blocks = (name: TierName) => tiers.find((tier) => tier.name === name)?.capacity_blocks ?? 0;
  return { strategy, eviction, watermark, prefix_caching, blocks: { gpu: blocks('gpu'), cpu: blocks('cpu'), disk: blocks('disk') } };
}

/** Only what differs; `null` when nothing does. */
export function changeOf(config: Config, draft: PlanDraft): Change | null {
  const now = draftOf(config);
  const change: Change = {
    ...Object.fromEntries(FIELDS.flatMap((name) => (draft[name] === now[name] ? [] : [[name, draft[name]]]))),
    ...(TIERS.some((name) => now.blocks[name] !== draft.blocks[name]) && {
      tiers: TIERS.flatMap((name) => (name === 'gpu' || draft.blocks[name] > 0 ? [{ name, capacity_blocks: draft.blocks[name] }] : [])),
    }),
  };
  return Object.keys(change).length > 0 ? change : null;
}

/** Where the blocks of a tier stand in a change; those that it does not name stand nowhere. */
export function tierPath(change: Change | null, name: TierName): string | undefined {
  const place = change?.tiers?.findIndex((tier) => tier.name === name) ?? -1;
  return place < 0 ? undefined : `/tiers/${place}/capacity_blocks`;
}

export interface Difference {
  field: string;
  before: string;
  after: string;
}

/** What two plans differ in, as people read it. */
export function differences(before: Config, after: Config): Difference[] {
  const fields: [string, (config: Config) => string][] = [
    ['strategy', ({ strategy }) => strategy],
    ['eviction', ({ eviction }) => eviction],
    ['watermark', ({ watermark }) => `${Math.round(watermark * 10_000) / 100} %`],
    ['prefix_caching', ({ prefix_caching }) => (prefix_caching ? 'on' : 'off')],
    ['block_size', ({ block_size }) => `${block_size} tokens`],
    ...TIERS.map((name): [string, (config: Config) => string] => [`tier ${name}`, (config) => tierText(config, name)]),
  ];
  return fields.flatMap(([field, read]) => (read(before) === read(after) ? [] : [{ field, before: read(before), after: read(after) }]));
}

function tierText({ tiers }: Config, name: TierName): string {
  const tier = tiers.find((each) => each.name === name);
  return tier ? `${tier.capacity_blocks.toLocaleString('en')} blocks, ${formatBytes(tier.capacity_bytes)}` : 'none';
}
