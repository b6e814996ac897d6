/** A lane a request, a column a step: drawn on a canvas, read by pointer or arrow keys, zoomed by wheel or + and −. */
import { counted } from '../../environment/counted.ts';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { type Axis, type AxisKind, edges, fullView, moved, stepUnder, type View, valueOf, withPlace, zoomed } from './axis.ts';
import { AXIS_HEIGHT, paintTimeline, ROW } from './paint-timeline.ts';
import classes from './timeline.module.css';
import type { Lane, Timeline } from './timeline.ts';

export interface Selection {
  requestId: string;
  /** Place in the steps. */
  at: number;
}

interface Props {
  label: string;
  timeline: Timeline;
  lanes?: readonly Lane[];
  kind: AxisKind;
  view: View;
  onView: (view: View) => void;
  /** What the view may not leave; the whole timeline when left out. */
  full?: View;
  selection: Selection | null;
  /** `held`: by a click or a key, to stay. */
  onSelect: (selection: Selection | null, held: boolean) => void;
  held: boolean;
  zeroMs?: number;
  maxRows?: number;
}

export function TimelineCanvas({
  label,
  timeline,
  lanes = timeline.lanes,
  kind,
  view,
  onView,
  full = fullView(timeline, kind),
  selection,
  onSelect,
  held,
  zeroMs = 0,
  maxRows = 18,
}: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const scheme = useComputedColorScheme('light');
  const { ref, width } = useElementSize<HTMLDivElement>();
  const gutter = width < 480 ? 76 : 132;
  const axis: Axis = { kind, view, width: Math.max(1, width - gutter - 2) };
  const rows = Math.max(1, lanes.length);
  const height = AXIS_HEIGHT + Math.min(rows, maxRows) * ROW + 4;
  const lane = selection ? lanes.findIndex(({ requestId }) => requestId === selection.requestId) : -1;
  const at = selection?.at ?? null;

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      const scale = devicePixelRatio || 1;
      const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== w || element.height !== h) Object.assign(element, { width: w, height: h });
      const context = element.getContext('2d');
      if (!context) return;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const selected = at !== null && at < timeline.steps.length ? { lane, at } : null;
      paintTimeline(context, {
        timeline,
        lanes,
        axis: { kind, view, width: width - gutter - 2 },
        gutter,
        height,
        scrollTop,
        selected,
        scheme,
        zeroMs,
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [timeline, lanes, kind, view, width, height, gutter, scrollTop, lane, at, scheme, zeroMs]);

  const under = ({ clientX, clientY }: PointerEvent<HTMLElement>): Selection | null => {
    const box = canvas.current!.getBoundingClientRect();
    const row = lanes[Math.floor((clientY - box.top - AXIS_HEIGHT + scrollTop) / ROW)];
    const step = stepUnder(timeline, axis, clientX - box.left - gutter);
    return row && step !== null && clientX - box.left >= gutter ? { requestId: row.requestId, at: step } : null;
  };
  const select = (to: Selection, row: number, box: HTMLElement) => {
    onSelect(to, true);
    const [from, until] = edges(timeline, kind, to.at, to.at);
    onView(withPlace(view, full, from, until));
    const top = row * ROW;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW * 2 > box.scrollTop + height - AXIS_HEIGHT) box.scrollTop = top + ROW * 2 - height + AXIS_HEIGHT;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { key } = event;
    if (key === '+' || key === '=') onView(zoomed(view, full, 0.6));
    else if (key === '-') onView(zoomed(view, full, 1 / 0.6));
    else if (key === '0') onView(full);
    else if (key === 'PageDown') onView(moved(view, full, 0.8));
    else if (key === 'PageUp') onView(moved(view, full, -0.8));
    else if (key === 'Escape') onSelect(null, false);
    else {
      const to = next(timeline, lanes, selection ? { lane: Math.max(0, lane), at: selection.at } : null, key);
      const target = to && lanes[to.lane];
      if (!to || !target) return;
      select({ requestId: target.requestId, at: to.at }, to.lane, event.currentTarget);
    }
    event.preventDefault();
  };
  // React listens passively, and a zoom must keep the page from zooming too.
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const x = event.clientX - element!.getBoundingClientRect().left - gutter;
      onView(zoomed(view, full, event.deltaY > 0 ? 1.25 : 0.8, valueOf({ kind, view, width: width - gutter - 2 }, x)));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [kind, view, full, width, gutter, onView]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a field of steps: the application role gives it the arrow keys
    <div
      ref={ref}
      className={classes.field}
      style={{ height }}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="application"
      aria-label={`${label}: ${counted(lanes.length, 'request')}, ${counted(timeline.steps.length, 'step')}. Arrow keys read the decisions, plus and minus zoom, 0 shows all.`}
      onScroll={({ currentTarget }) => setScrollTop(currentTarget.scrollTop)}
      onPointerMove={(event) => event.pointerType === 'mouse' && !held && onSelect(under(event), false)}
      onPointerLeave={() => !held && onSelect(null, false)}
      onPointerDown={(event) => {
        const to = under(event);
        onSelect(to, to !== null);
      }}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: AXIS_HEIGHT + rows * ROW }}>
        <canvas ref={canvas} style={{ height }} aria-hidden="true" />
      </div>
    </div>
  );
}

/** Left and right go through the steps in which the lane has a decision, up and down through the lanes. */
function next(
  { steps }: Timeline,
  lanes: readonly Lane[],
  from: { lane: number; at: number } | null,
  key: string,
): { lane: number; at: number } | null {
  if (!from)
    return key.startsWith('Arrow') && steps.length > 0 ? { lane: 0, at: [...(lanes[0]?.decisions.keys() ?? [])].at(-1) ?? 0 } : null;
  const lane = lanes[from.lane];
  const places = [...(lane?.decisions.keys() ?? [])];
  if (key === 'ArrowUp' || key === 'ArrowDown')
    return { lane: Math.min(lanes.length - 1, Math.max(0, from.lane + (key === 'ArrowUp' ? -1 : 1))), at: from.at };
  const at = {
    ArrowLeft: places.findLast((place) => place < from.at),
    ArrowRight: places.find((place) => place > from.at),
    Home: places[0],
    End: places.at(-1),
  }[key];
  return at === undefined ? null : { lane: from.lane, at };
}
