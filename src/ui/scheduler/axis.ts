/** From steps to pixels and back: by time, or a column a step. */
import { stepAt, type Timeline } from './timeline.ts';

export type AxisKind = 'time' | 'steps';

/** What is in view, in ms or in steps. */
export interface View {
  from: number;
  to: number;
}

export interface Axis {
  kind: AxisKind;
  view: View;
  width: number;
}

export function fullView({ steps, startMs, endMs }: Timeline, kind: AxisKind): View {
  return kind === 'steps' ? { from: 0, to: Math.max(1, steps.length) } : { from: startMs, to: Math.max(startMs + 1, endMs) };
}

export const pixelOf = ({ view, width }: Axis, value: number): number => ((value - view.from) / (view.to - view.from)) * width;
export const valueOf = ({ view, width }: Axis, x: number): number => view.from + (x / Math.max(1, width)) * (view.to - view.from);

/** Both edges of the steps between two places, in the axis' own unit. */
export function edges({ steps }: Timeline, kind: AxisKind, first: number, last: number): [number, number] {
  if (kind === 'steps') return [first, last + 1];
  return [steps[first]?.start_ms ?? 0, steps[last]?.end_ms ?? 0];
}

/** The step under a pixel; `null` where there is none. */
export function stepUnder(timeline: Timeline, axis: Axis, x: number): number | null {
  const value = valueOf(axis, x);
  const at = axis.kind === 'steps' ? Math.floor(value) : stepAt(timeline.steps, value);
  const step = timeline.steps[at];
  if (!step) return null;
  // Between two steps the engine was idle.
  return axis.kind === 'time' && value > step.end_ms && value < (timeline.steps[at + 1]?.start_ms ?? Infinity) && value - step.end_ms > 50
    ? null
    : at;
}

/** @param factor below 1 zooms in; `around` stays where it is */
export function zoomed(view: View, full: View, factor: number, around = (view.from + view.to) / 2): View {
  const least = (full.to - full.from) / 5000;
  const span = Math.min(full.to - full.from, Math.max(least, (view.to - view.from) * factor));
  const share = (around - view.from) / (view.to - view.from);
  return within({ from: around - share * span, to: around + (1 - share) * span }, full);
}

export const moved = (view: View, full: View, share: number): View =>
  within({ from: view.from + share * (view.to - view.from), to: view.to + share * (view.to - view.from) }, full);

/** The view that has a place in it, moved no more than it must be. */
export function withPlace(view: View, full: View, from: number, to: number): View {
  const margin = (view.to - view.from) * 0.05;
  if (from < view.from) return within({ from: from - margin, to: from - margin + view.to - view.from }, full);
  if (to > view.to) return within({ from: to + margin - (view.to - view.from), to: to + margin }, full);
  return view;
}

function within({ from, to }: View, full: View): View {
  const span = to - from;
  if (span >= full.to - full.from) return full;
  if (from < full.from) return { from: full.from, to: full.from + span };
  if (to > full.to) return { from: full.to - span, to: full.to };
  return { from, to };
}

/** Round values for marks: 1, 2 or 5 times a power of ten; of what is counted, whole ones. */
export function marks({ from, to }: View, about: number, isWhole = false): number[] {
  const rough = (to - from) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const free = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const step = isWhole ? Math.max(1, Math.round(free)) : free;
  const found: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
  return found;
}
