/** Tells of one block what the map can only hint at: who holds it, how often, and how full it is. */
import { useComputedColorScheme } from '@mantine/core';
import { type BlockMap, heldBy, kindAt, type TierMap } from './block-map.ts';
import classes from './memory.module.css';
import { requestColour } from '../kit/colour/request-colour.ts';

interface Props {
  map: BlockMap;
  tier: TierMap;
  block: number;
  blockSize: number;
  pinned: boolean;
}

const SAYS = {
  free: 'Free. Nobody holds it and its contents mean nothing.',
  cached: 'Cached. Nobody holds it; a prompt with this prefix could still use it, and it is evicted when room is needed.',
  used: 'In use.',
  reserved: 'Reserved for tokens to come: held, with nothing in it yet.',
  allocated: 'Held by hand, by an allocation.',
  swapped: 'Swapped out: its sequence waits to come back.',
} as const;

export function CellCard({ map, tier, block, blockSize, pinned }: Props) {
  const scheme = useComputedColorScheme('light');
  const held = heldBy(map, tier, block, blockSize);
  const kind = kindAt(tier, block);
  const references = tier.references[block] ?? 0;
  return (
    <div className={classes.cellCard} aria-live="polite">
      <p>
        <b className="gb-num">
          {tier.name} block {block}
        </b>
        {pinned && <em>held · Esc lets go</em>}
        <span>{references > 1 ? `Shared by ${references} block tables.` : SAYS[kind]}</span>
        <span className="gb-num">
          {references} {references === 1 ? 'reference' : 'references'}
        </span>
      </p>
      {held.length > 0 && (
        <ul>
          {held.map(({ holder, place, of, reserved, tokens }) => (
            <li key={holder.id}>
              <i
                style={{
                  background:
                    holder.kind === 'allocation'
                      ? 'var(--gb-text-2)'
                      : requestColour(holder.requestId ?? holder.id, scheme, holder.sibling),
                }}
              />
              <code>{holder.id}</code>
              <span>
                entry {place + 1} of {of}
                {reserved ? ' · reserved' : ''}
                {tokens !== null && !reserved ? ` · ${tokens} of ${blockSize} tokens` : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
