/** Draws the cells of one tier, and only those that changed: thousands of still blocks cost nothing. */
import type { Holder, TierMap } from './block-map.ts';
import { KINDS } from './block-map.ts';
import type { Layout } from './map-layout.ts';
import { colourIndex, requestColour, type Scheme } from '../kit/colour/request-colour.ts';

export interface Inks {
  free: string;
  freeEdge: string;
  cached: string;
  allocated: string;
  mark: string;
}

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element);
  const ink = (name: string) => style.getPropertyValue(`--gb-${name}`).trim();
  return {
    free: ink('sunken'),
    freeEdge: ink('border-strong'),
    cached: ink('border-input'),
    allocated: ink('text-2'),
    mark: ink('surface'),
  };
}

/** What each cell looks like, as a number: equal numbers, equal pictures. */
export function cellStates({ kinds, owners, references, capacity }: TierMap, holders: readonly Holder[]): Int32Array {
  const colours = holders.map(({ requestId, id, sibling }) => colourIndex(requestId ?? id) * 4 + (sibling % 4));
  const states = new Int32Array(capacity);
  for (let block = 0; block < capacity; block++) {
    const owner = owners[block]!;
    states[block] = ((owner < 0 ? 0 : colours[owner]! + 1) << 4) | (kinds[block]! << 1) | (references[block]! > 1 ? 1 : 0);
  }
  return states;
}

/** @param painted what the canvas shows, cell by cell; `null` where it is blank */
export function paintMap(
  context: CanvasRenderingContext2D,
  tier: TierMap,
  holders: readonly Holder[],
  { columns, pitch, gap }: Layout,
  inks: Inks,
  scheme: Scheme,
  states: Int32Array,
  painted: Int32Array | null,
): void {
  const size = pitch - gap;
  const colours = holders.map(({ requestId, id, sibling }) => ({
    full: requestColour(requestId ?? id, scheme, sibling),
    light: requestColour(requestId ?? id, scheme, sibling, 0.36),
  }));
  const { kinds, owners, references } = tier;
  for (let block = 0; block < tier.capacity; block++) {
    if (painted && painted[block] === states[block]) continue;
    const x = (block % columns) * pitch;
    const y = Math.floor(block / columns) * pitch;
    const kind = KINDS[kinds[block]!];
    if (painted) context.clearRect(x, y, size, size);
    const colour = colours[owners[block]!];
    if (kind === 'free') {
      context.fillStyle = inks.freeEdge;
      context.fillRect(x, y, size, size);
      if (size > 3) {
        context.fillStyle = inks.free;
        context.fillRect(x + 1, y + 1, size - 2, size - 2);
      }
      continue;
    }
    if (kind === 'cached') {
      context.fillStyle = inks.cached;
      context.fillRect(x, y, size, size);
      dot(context, x, y, size, inks.mark);
      continue;
    }
    if (kind === 'allocated') {
      context.fillStyle = inks.allocated;
      context.fillRect(x, y, size, size);
      cross(context, x, y, size, inks.mark);
      continue;
    }
    context.fillStyle = (kind === 'reserved' ? colour?.light : colour?.full) ?? inks.allocated;
    context.fillRect(x, y, size, size);
    if (kind === 'reserved' && colour) edge(context, x, y, size, colour.full);
    if (references[block]! > 1) hatch(context, x, y, size, inks.mark);
  }
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, size: number, ink: string): void {
  if (size < 6) return;
  context.fillStyle = ink;
  const inner = Math.max(2, Math.round(size / 4));
  context.fillRect(x + (size - inner) / 2, y + (size - inner) / 2, inner, inner);
}

function edge(context: CanvasRenderingContext2D, x: number, y: number, size: number, ink: string): void {
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, size: number, ink: string): void {
  if (size < 6) return;
  context.strokeStyle = ink;
  context.lineWidth = 1.25;
  const inset = size * 0.28;
  context.beginPath();
  context.moveTo(x + inset, y + inset);
  context.lineTo(x + size - inset, y + size - inset);
  context.moveTo(x + size - inset, y + inset);
  context.lineTo(x + inset, y + size - inset);
  context.stroke();
}

/** Shared by several block tables. */
function hatch(context: CanvasRenderingContext2D, x: number, y: number, size: number, ink: string): void {
  context.save();
  context.beginPath();
  context.rect(x, y, size, size);
  context.clip();
  context.strokeStyle = ink;
  context.lineWidth = size > 8 ? 1.75 : 1;
  const step = Math.max(3, Math.round(size / 3));
  context.beginPath();
  for (let at = -size; at < size; at += step) {
    context.moveTo(x + at, y + size);
    context.lineTo(x + at + size, y);
  }
  context.stroke();
  context.restore();
}
