/** The memory plan as a form holds it, and the least change that brings it about. */
import type { Input, Output } from '../../contract/index.ts';
import { formatBytes } from '../kit/format.ts';

export type Config = Output<'memory', 'config'>;
export type Change = Input<'memory', 'configure'>;
type TierName = Config['tiers'][number]['name'];

export interface PlanDraft {
  strategy: Config['strategy'];
  eviction: Config['eviction'];
  /** Percent of the pool. */
  watermark: number;
  prefixCaching: boolean;
  /** Blocks; 0: no such tier. */
  tiers: Record<TierName, number>;
}

export function draftOf(config: Config): PlanDraft {
  const blocks = (name: TierName) => config.tiers.find((tier) => tier.name === name)?.capacity_blocks ?? 0;
  return {
    strategy: config.strategy,
    eviction: config.eviction,
    watermark: Math.round(config.watermark * 10_000) / 100,
    prefixCaching: config.prefix_caching,
    tiers: { gpu: blocks('gpu'), cpu: blocks('cpu'), disk: blocks('disk') },
  };
}

/** Only what differs; `null` when nothing does. */
export function changeOf(config: Config, draft: PlanDraft): Change | null {
  const now = draftOf(config);
  const tiersDiffer = (['gpu', 'cpu', 'disk'] as const).some((name) => now.tiers[name] !== draft.tiers[name]);
  const change: Change = {
    ...(draft.strategy !== now.strategy && { strategy: draft.strategy }),
    ...(draft.eviction !== now.eviction && { eviction: draft.eviction }),
    ...(draft.watermark !== now.watermark && { watermark: draft.watermark / 100 }),
    ...(draft.prefixCaching !== now.prefixCaching && { prefix_caching: draft.prefixCaching }),
    ...(tiersDiffer && {
      tiers: (['gpu', 'cpu', 'disk'] as const).flatMap((name) =>
        name === 'gpu' || draft.tiers[name] > 0 ? [{ name, capacity_blocks: draft.tiers[name] }] : [],
      ),
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
    ...(['gpu', 'cpu', 'disk'] as const).map((name): [string, (config: Config) => string] => [
      `tier ${name}`,
      (config) => tierText(config, name),
    ]),
  ];
  return fields.flatMap(([field, read]) => (read(before) === read(after) ? [] : [{ field, before: read(before), after: read(after) }]));
}

function tierText({ tiers }: Config, name: TierName): string {
  const tier = tiers.find((each) => each.name === name);
  return tier ? `${tier.capacity_blocks.toLocaleString('en')} blocks, ${formatBytes(tier.capacity_bytes)}` : 'none';
}
