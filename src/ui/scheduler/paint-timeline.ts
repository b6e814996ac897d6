/** Draws lanes and axis of a timeline; only what is in view, so that a long run costs no more than a short one. */
import { requestColour, type Scheme } from '../kit/colour/request-colour.ts';
import { type Axis, edges, marks, pixelOf, stepUnder } from './axis.ts';
import type { Lane, Phase, Timeline } from './timeline.ts';

export const ROW = 18;
export const AXIS_HEIGHT = 22;
/** Between two lanes. */
const GAP = 4;

export interface Picture {
  timeline: Timeline;
  lanes: readonly Lane[];
  axis: Axis;
  /** Of the names to the left. */
  gutter: number;
  height: number;
  scrollTop: number;
  selected: { lane: number; at: number } | null;
  scheme: Scheme;
  /** What 0 stands for, on the clock of the steps. */
  zeroMs: number;
}

type Ink = (name: string) => string;

export function paintTimeline(context: CanvasRenderingContext2D, picture: Picture): void {
  const { axis, gutter, height, lanes, scrollTop, selected, timeline } = picture;
  const style = getComputedStyle(context.canvas);
  const ink: Ink = (name) => style.getPropertyValue(`--gb-${name}`).trim();
  context.clearRect(0, 0, gutter + axis.width, height);
  paintGrid(context, picture, ink);

  context.save();
  context.beginPath();
  context.rect(0, AXIS_HEIGHT, gutter + axis.width, height - AXIS_HEIGHT);
  context.clip();
  if (selected) {
    const [from, to] = edges(timeline, axis.kind, selected.at, selected.at).map((value) => gutter + pixelOf(axis, value)) as [
      number,
      number,
    ];
    context.fillStyle = ink('selected');
    context.fillRect(from, AXIS_HEIGHT, Math.max(2, to - from), height);
  }
  const first = Math.max(0, Math.floor(scrollTop / ROW));
  const last = Math.min(lanes.length - 1, Math.ceil((scrollTop + height) / ROW));
  for (let i = first; i <= last; i++)
    paintLane(context, picture, lanes[i]!, AXIS_HEIGHT + i * ROW - scrollTop, ink, selected?.lane === i ? selected.at : null);
  context.restore();
}

function paintGrid(context: CanvasRenderingContext2D, { axis, gutter, height, zeroMs, timeline }: Picture, ink: Ink): void {
  context.font = '11px ui-sans-serif, system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  const zero = axis.kind === 'time' ? zeroMs : 0;
  const span = axis.view.to - axis.view.from;
  const relative = { from: axis.view.from - zero, to: axis.view.to - zero };
  for (const mark of marks(relative, axis.width / 90, axis.kind === 'steps')) {
    const x = Math.round(gutter + pixelOf(axis, mark + zero)) + 0.5;
    context.strokeStyle = ink('border');
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, AXIS_HEIGHT - 4);
    context.lineTo(x, height);
    context.stroke();
    context.fillStyle = ink('text-3');
    if (x > gutter + 14 && x < gutter + axis.width - 14)
      context.fillText(axis.kind === 'steps' ? String(timeline.steps[mark]?.step ?? '') : timeText(mark, span), x, 9);
  }
}

function timeText(mark: number, span: number): string {
  return span > 4000 ? `${Number((mark / 1000).toFixed(2))} s` : `${Number(mark.toFixed(2))} ms`;
}

function paintLane(
  context: CanvasRenderingContext2D,
  picture: Picture,
  lane: Lane,
  top: number,
  ink: Ink,
  selectedAt: number | null,
): void {
  const { axis, gutter, timeline, scheme } = picture;
  const height = ROW - GAP;
  const middle = top + height / 2;
  if (selectedAt !== null) {
    context.fillStyle = ink('hover');
    context.fillRect(0, top - GAP / 2, gutter + axis.width, ROW);
  }
  context.save();
  context.beginPath();
  context.rect(gutter, top - GAP, axis.width, ROW + GAP);
  context.clip();
  paintArrival(context, picture, lane, middle, ink);
  for (const { phase, first, last } of lane.spans) {
    const [from, to] = edges(timeline, axis.kind, first, last).map((value) => gutter + pixelOf(axis, value)) as [number, number];
    if (to < gutter || from > gutter + axis.width) continue;
    paintSpan(context, phase, Math.max(gutter - 4, from), Math.min(gutter + axis.width + 4, to), top, height, ink);
    const count = last - first + 1;
    if (phase !== 'waiting' && count > 1 && (to - from) / count >= 7) paintSteps(context, picture, first, last, top, height, ink);
  }
  if (lane.end) {
    const x = gutter + pixelOf(axis, edges(timeline, axis.kind, lane.end.at, lane.end.at)[1]);
    context.fillStyle = ink(lane.end.action === 'refuse' ? 'bad' : 'text');
    context.fillRect(x - 1, top - 1, 2, height + 2);
  }
  if (selectedAt !== null) {
    const [from, to] = edges(timeline, axis.kind, selectedAt, selectedAt).map((value) => gutter + pixelOf(axis, value)) as [number, number];
    context.strokeStyle = ink('text');
    context.lineWidth = 2;
    context.strokeRect(from, top - 1, Math.max(3, to - from), height + 2);
  }
  context.restore();
  paintName(context, lane, middle, gutter, scheme, ink, selectedAt !== null);
}

function paintSpan(context: CanvasRenderingContext2D, phase: Phase, from: number, to: number, top: number, height: number, ink: Ink): void {
  const width = Math.max(1.5, to - from);
  if (phase === 'waiting') {
    context.fillStyle = ink('border-input');
    context.fillRect(from, top + height / 2 - 2, width, 4);
    return;
  }
  context.fillStyle = ink(phase === 'prefill' ? 'restful' : phase === 'decode' ? 'accent' : 'direct');
  if (phase !== 'swapped') {
    context.fillRect(from, top, width, height);
    return;
  }
  for (let x = from; x < from + width; x += 5) context.fillRect(x, top + 2, Math.min(3, from + width - x), height - 4);
}

/** Where one step ends and the next begins. */
function paintSteps(
  context: CanvasRenderingContext2D,
  { axis, gutter, timeline }: Picture,
  first: number,
  last: number,
  top: number,
  height: number,
  ink: Ink,
): void {
  context.fillStyle = ink('surface');
  context.globalAlpha = 0.55;
  const visibleFrom = Math.max(first + 1, stepUnder(timeline, axis, 0) ?? first + 1);
  for (let at = visibleFrom; at <= last; at++) {
    const [from, to] = edges(timeline, axis.kind, at, at);
    const x = gutter + pixelOf(axis, from);
    if (x > gutter + axis.width) break;
    // Short ones would only be a flicker.
    if (pixelOf(axis, to) - pixelOf(axis, from) >= 6) context.fillRect(Math.round(x), top, 1, height);
  }
  context.globalAlpha = 1;
}

/** From its arrival to the first step that knows it a request waits too. */
function paintArrival(context: CanvasRenderingContext2D, { axis, gutter, timeline }: Picture, lane: Lane, middle: number, ink: Ink): void {
  if (lane.arrivalMs === null || axis.kind !== 'time') return;
  const x = gutter + pixelOf(axis, lane.arrivalMs);
  const first = lane.spans[0];
  if (first) {
    const to = gutter + pixelOf(axis, edges(timeline, 'time', first.first, first.first)[0]);
    context.fillStyle = ink('border-input');
    if (to > x) context.fillRect(x, middle - 2, to - x, 4);
  }
  context.fillStyle = ink('text-2');
  context.beginPath();
  context.moveTo(x - 3, middle - 5);
  context.lineTo(x + 2, middle);
  context.lineTo(x - 3, middle + 5);
  context.fill();
}

function paintName(
  context: CanvasRenderingContext2D,
  { requestId }: Lane,
  middle: number,
  gutter: number,
  scheme: Scheme,
  ink: Ink,
  selected: boolean,
): void {
  context.fillStyle = requestColour(requestId, scheme);
  context.fillRect(0, middle - 4, 8, 8);
  context.fillStyle = ink(selected ? 'text' : 'text-2');
  context.font = `${selected ? '600 ' : ''}11px ui-monospace, "JetBrains Mono", monospace`;
  context.textAlign = 'left';
  context.fillText(shortened(context, requestId, gutter - 20), 13, middle + 0.5);
}

/** The end tells ids apart better than the beginning. */
function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text.length;
  while (kept > 1 && context.measureText(`…${text.slice(-kept)}`).width > width) kept--;
  return `…${text.slice(-kept)}`;
}
