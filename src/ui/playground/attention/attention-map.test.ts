/** Weights are read at the right place, heads get the name of what they do, and pixels show the greatest weight under them. */
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../contract/index.ts';
import { AttentionMap, describePattern, headPattern, MAX_CAPTURED_WEIGHTS, tokensInReach } from './attention-map.ts';
import { colourIndex, rasterise } from './rasterise.ts';

/** A head from a rule that names the key of each query. */
function mapOf(size: number, ...rules: ((query: number) => number)[]): AttentionMap {
  const data = new Float32Array(rules.length * size * size);
  rules.forEach((rule, head) => {
    for (let query = 0; query < size; query++) data[(head * size + query) * size + rule(query)] = 1;
  });
  return new AttentionMap({ dtype: 'float32', shape: [1, rules.length, size, size], data });
}

const previous = (query: number) => Math.max(0, query - 1);
const first = () => 0;

describe('AttentionMap', () => {
  it('reads single heads and their mean', () => {
    const map = mapOf(4, previous, first);
    expect(map.weight(0, 3, 2)).toBe(1);
    expect(map.weight('mean', 3, 2)).toBe(0.5);
    expect([...map.from(0, 3)]).toEqual([0, 0, 1, 0]);
    expect([...map.to(1, 0)]).toEqual([1, 1, 1, 1]);
    expect(map.greatest(1, true)).toBe(0);
  });

  it('takes the forms that tensors travel in', () => {
    const tensor: Tensor = { dtype: 'float32', shape: [1, 1, 2, 2], data: [1, 0, 0.25, 0.75] };
    expect(new AttentionMap(tensor).weight(0, 1, 1)).toBe(0.75);
  });

  it('refuses what is no attention', () => {
    expect(() => new AttentionMap({ dtype: 'float32', shape: [1, 2, 3], data: [] })).toThrow(RangeError);
  });
});

describe('headPattern', () => {
  it('names previous-token and first-token heads', () => {
    const map = mapOf(5, previous, first);
    expect(describePattern(headPattern(map, 0, [1, 2, 3, 4, 5]))).toBe('previous 100 %');
    expect(describePattern(headPattern(map, 1, [1, 2, 3, 4, 5]))).toBe('first 100 %');
  });

  it('names an induction head', () => {
    // A B C A B: the second A looks at B, the second B at C.
    const map = mapOf(5, (query) => [0, 0, 0, 1, 2][query]!);
    expect(describePattern(headPattern(map, 0, [7, 8, 9, 7, 8]))).toBe('induction 100 %');
  });

  it('measures the entropy of a head that looks everywhere', () => {
    const map = new AttentionMap({ dtype: 'float32', shape: [1, 1, 2, 2], data: [1, 0, 0.5, 0.5] });
    expect(headPattern(map, 0, [1, 2]).entropyBits).toBeCloseTo(1);
  });
});

it('cuts sequences whose weights would not fit a call', () => {
  expect(tokensInReach(100, 8)).toBe(100);
  expect(tokensInReach(100_000, 8) ** 2 * 8).toBeLessThanOrEqual(MAX_CAPTURED_WEIGHTS);
});

describe('rasterise', () => {
  const colours = [
    [0, 0, 0],
    [255, 255, 255],
  ] as const;
  const red = (raster: { width: number; data: Uint8ClampedArray }, y: number, x: number) => raster.data[(y * raster.width + x) * 4];
  const alpha = (raster: { width: number; data: Uint8ClampedArray }, y: number, x: number) => raster.data[(y * raster.width + x) * 4 + 3];

  it('draws a pixel a cell and leaves masked keys transparent', () => {
    const raster = rasterise(mapOf(3, previous), { head: 0, colours, scale: 'linear', skipFirst: false, pixels: 16 });
    expect(raster.width).toBe(3);
    expect(red(raster, 2, 1)).toBe(255);
    expect(red(raster, 2, 0)).toBe(0);
    expect(alpha(raster, 0, 2)).toBe(0);
  });

  it('keeps a thin diagonal in sight when it shrinks', () => {
    const raster = rasterise(mapOf(64, previous), { head: 0, colours, scale: 'linear', skipFirst: false, pixels: 8 });
    for (let index = 0; index < 8; index++) expect(red(raster, index, index)).toBe(255);
  });

  it('leaves out the first key', () => {
    const raster = rasterise(mapOf(3, first), { head: 0, colours, scale: 'linear', skipFirst: true, pixels: 16 });
    expect(red(raster, 2, 0)).toBe(0);
  });

  it('lifts small weights by the root', () => {
    expect(colourIndex(0.25, 'root', 5)).toBe(2);
    expect(colourIndex(0.25, 'linear', 5)).toBe(1);
  });

  it('colours by the greatest of each query', () => {
    const map = new AttentionMap({ dtype: 'float32', shape: [1, 1, 2, 2], data: [1, 0, 0.6, 0.4] });
    const byQuery = rasterise(map, { head: 0, colours, scale: 'query', skipFirst: true, pixels: 16 });
    expect(red(byQuery, 1, 1)).toBe(255);
    expect(red(byQuery, 0, 0)).toBe(0);
  });
});
