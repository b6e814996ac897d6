/** One tier as a field of cells: drawn on a canvas once a frame at most, read by pointer or arrow keys. */
import { counted } from '../../environment/counted.ts';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react';
import type { BlockMap, TierMap } from './block-map.ts';
import { cellAt, layoutOf, moveCell } from './map-layout.ts';
import classes from './memory.module.css';
import { inksOf, cellStates, paintMap } from './paint-map.ts';

interface Props {
  map: BlockMap;
  tier: TierMap;
  title: string;
  /** The block that is read, where it is of this tier. */
  selected: number | null;
  pinned: boolean;
  onRead: (block: number | null) => void;
  onPin: (block: number | null) => void;
}

export function BlockCanvas({ map, tier, title, selected, pinned, onRead, onPin }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  /** What the canvas shows, and for which size and colours. */
  const painted = useRef<{ key: string; states: Int32Array | null }>({ key: '', states: null });
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { capacity } = tier;
  const layout = useMemo(() => layoutOf(capacity, Math.max(40, width)), [capacity, width]);
  const height = layout.rows * layout.pitch;

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      const scale = devicePixelRatio || 1;
      const states = cellStates(tier, map.holders);
      const context = element.getContext('2d');
      if (!context) return;
      const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
      const key = [w, h, scale, layout.pitch, scheme].join();
      const same = painted.current.key === key ? painted.current.states : null;
      if (!same) Object.assign(element, { width: w, height: h });
      context.setTransform(scale, 0, 0, scale, 0, 0);
      paintMap(context, tier, map.holders, layout, inksOf(element), scheme, states, same);
      painted.current = { key, states };
    });
    return () => cancelAnimationFrame(frame);
  }, [map, tier, layout, width, height, scheme]);

  const blockUnder = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(layout, capacity, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return onPin(null);
    if ((event.key === 'Enter' || event.key === ' ') && selected !== null) {
      event.preventDefault();
      return onPin(pinned ? null : selected);
    }
    const to = selected === null ? (event.key.startsWith('Arrow') ? 0 : null) : moveCell(layout, capacity, selected, event.key);
    if (to === null) return undefined;
    event.preventDefault();
    return pinned ? onPin(to) : onRead(to);
  };

  const size = layout.pitch - layout.gap;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a field of cells: the application role gives it the arrow keys
    <div
      ref={ref}
      className={classes.cells}
      style={{ height }}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="application"
      aria-label={`${title}: ${counted(capacity, 'block')} in ${counted(layout.rows, 'row')}. Arrow keys read them, Enter holds one, Escape lets go.`}
      onPointerMove={(event) => event.pointerType === 'mouse' && !pinned && onRead(blockUnder(event))}
      onPointerLeave={() => !pinned && onRead(null)}
      onPointerDown={(event) => onPin(blockUnder(event) === selected && pinned ? null : blockUnder(event))}
      onKeyDown={onKeyDown}
      onBlur={() => !pinned && onRead(null)}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {selected !== null && (
        <span
          className={classes.cursor}
          data-pinned={pinned || undefined}
          style={{
            left: (selected % layout.columns) * layout.pitch - 2,
            top: Math.floor(selected / layout.columns) * layout.pitch - 2,
            width: size + 4,
            height: size + 4,
          }}
        />
      )}
    </div>
  );
}
