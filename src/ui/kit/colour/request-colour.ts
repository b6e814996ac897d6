/** A colour for each request, the same in the map of blocks and on the timeline; neighbours in time get hues far apart. */

export type Scheme = 'light' | 'dark';

/** Degrees, ordered so that each is far from the three before it. */
const HUES = [185, 30, 285, 95, 330, 235, 60, 150, 5, 260, 120, 310] as const;
/** Requests remembered; after so many the first colours are given out again. */
const REMEMBERED = 4096;

const indices = new Map<string, number>();
let next = 0;

/** Counts up with each new name. */
export function colourIndex(id: string): number {
  const known = indices.get(id);
  if (known !== undefined) return known;
  if (indices.size >= REMEMBERED) indices.delete(indices.keys().next().value!);
  indices.set(id, next);
  return next++;
}

/** @param shade of several sequences of one request; each is a little lighter than the one before */
export function requestColour(id: string, scheme: Scheme, shade = 0, alpha = 1): string {
  const hue = HUES[colourIndex(id) % HUES.length]!;
  const step = (shade % 4) * 0.045;
  const [lightness, chroma] = scheme === 'light' ? [0.56 + step, 0.125] : [0.68 + step, 0.115];
  return `oklch(${lightness.toFixed(3)} ${chroma} ${hue}${alpha < 1 ? ` / ${alpha}` : ''})`;
}
