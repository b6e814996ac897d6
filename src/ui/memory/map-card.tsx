/** The map of every block of every tier, with its legend and the block that is being read. */
import { useState } from 'react';
import { formatBytes } from '../kit/format.ts';
import { BlockCanvas } from './block-canvas.tsx';
import { type BlockMap, countKinds, type TierMap, type TierName } from './block-map.ts';
import { CellCard } from './cell-card.tsx';
import classes from './memory.module.css';
import { Card } from '../kit/layout/card.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import { Legend } from '../kit/layout/legend.tsx';

const MEDIA = {
  gpu_buffer: 'GPU buffers',
  wasm_memory: 'memory of the WASM runtime',
  memory: 'memory of the worker',
  opfs: 'files of this origin',
} as const;
const ROLES = { gpu: 'the pool', cpu: 'takes swapped blocks', disk: 'takes swapped blocks' } as const;

interface Props {
  map: BlockMap;
  blockSize: number;
  blockBytes: number;
}

interface Reading {
  tier: TierName;
  block: number;
  pinned: boolean;
}

export function MapCard({ map, blockSize, blockBytes }: Props) {
  const [reading, setReading] = useState<Reading | null>(null);
  const read = (tier: TierName, block: number | null, pinned: boolean) => setReading(block === null ? null : { tier, block, pinned });
  const of = reading && map.tiers.find(({ name }) => name === reading.tier);
  return (
    <Card aria-label="Map of blocks">
      {map.tiers.map((tier) => (
        <div key={tier.name} className={classes.tier}>
          <TierHead tier={tier} blockBytes={blockBytes} blockSize={blockSize} />
          {tier.error !== null && <p className="gb-bad">This tier is closed: {tier.error}</p>}
          <BlockCanvas
            map={map}
            tier={tier}
            title={`Tier ${tier.name}`}
            selected={reading?.tier === tier.name && reading.block < tier.capacity ? reading.block : null}
            pinned={reading?.tier === tier.name && reading.pinned}
            onRead={(block) => read(tier.name, block, false)}
            onPin={(block) => read(tier.name, block, true)}
          />
        </div>
      ))}
      <BlockLegend />
      <div className={classes.reading}>
        {reading && of && reading.block < of.capacity ? (
          <CellCard map={map} tier={of} block={reading.block} blockSize={blockSize} pinned={reading.pinned} />
        ) : (
          <Hint>Point at a block, or press Tab and then the arrow keys, to see who holds it. A click or Enter keeps it in view.</Hint>
        )}
      </div>
    </Card>
  );
}

/** Used, cached and free of a tier, as words, bytes and a bar. */
function TierHead({ tier, blockBytes, blockSize }: { tier: TierMap; blockBytes: number; blockSize: number }) {
  const counts = countKinds(tier);
  const used = counts.used + counts.reserved + counts.allocated + counts.swapped;
  const share = (blocks: number) => `${(100 * blocks) / Math.max(1, tier.capacity)}%`;
  return (
    <header className={classes.tierHead}>
      <h2>
        {tier.name}
        <small>
          {MEDIA[tier.medium]} · {ROLES[tier.name]}
        </small>
      </h2>
      <span className="gb-num">
        {used} used · {counts.cached} cached · {counts.free} free of {tier.capacity.toLocaleString('en')} blocks of {blockSize} tokens,{' '}
        {formatBytes(tier.capacity * blockBytes)}
      </span>
      <span className={classes.fill} aria-hidden="true">
        <i data-kind="used" style={{ width: share(used) }} />
        <i data-kind="cached" style={{ width: share(counts.cached) }} />
      </span>
    </header>
  );
}

function BlockLegend() {
  return (
    <Legend className={classes.legend}>
      <li>
        <i data-kind="used" /> in use, a colour a request
      </li>
      <li>
        <i data-kind="shared" /> shared
      </li>
      <li>
        <i data-kind="reserved" /> reserved
      </li>
      <li>
        <i data-kind="cached" /> cached
      </li>
      <li>
        <i data-kind="allocated" /> held by hand
      </li>
      <li>
        <i data-kind="free" /> free
      </li>
    </Legend>
  );
}
