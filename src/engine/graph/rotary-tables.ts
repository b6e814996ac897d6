/** Cosines and sines of rotary angles, computed here and looked up in the graph: on a GPU they would be too coarse. */

/** Up to here one table holds every position; beyond, an angle is put together from two. */
export const DIRECT_POSITIONS = 8192;
/** Positions in the fine table; the coarse one goes in steps of this. */
export const FINE_POSITIONS = 1024;

export interface RotaryTable {
  /** [positions, D / 2] */
  cos: Float32Array;
  sin: Float32Array;
  shape: readonly [number, number];
}

/**
 * Angles of the positions 0, step, 2 · step, …
 * Angles are rounded to float32 before the cosine, as transformers does: at position 4000 that alone is 1e-4.
 */
export function rotaryTable(inverseFrequencies: readonly number[], positions: number, step = 1): RotaryTable {
  const width = inverseFrequencies.length;
  const cos = new Float32Array(positions * width);
  const sin = new Float32Array(positions * width);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < width; i++) {
      const exact = position * step * Math.fround(inverseFrequencies[i]!);
      const angle = step === 1 ? Math.fround(exact) : exact;
      cos[position * width + i] = Math.cos(angle);
      sin[position * width + i] = Math.sin(angle);
    }
  }
  return { cos, sin, shape: [positions, width] };
}
