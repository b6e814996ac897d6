/** Attention weights to pixels: one a cell, or the greatest of several where a map has more cells than the canvas has pixels. */
import type { Rgb } from '../../kit/colour/colour.ts';
import type { AttentionMap, Head } from './attention-map.ts';

/** What the strongest colour stands for: the greatest weight of all (in even steps, or with small weights lifted by a root), or of the cell's query. */
export type Scale = 'linear' | 'root' | 'query';

export interface RasterOptions {
  head: Head;
  /** From nothing to the greatest. */
  colours: readonly Rgb[];
  scale: Scale;
  /** Leave out the first token, which collects the weight that a head has no use for. */
  skipFirst: boolean;
  /** Width and height at most. */
  pixels: number;
}

export interface Raster {
  width: number;
  /** RGBA; keys that a query cannot see are transparent. */
  data: Uint8ClampedArray<ArrayBuffer>;
}

export function rasterise(map: AttentionMap, { head, colours, scale, skipFirst, pixels }: RasterOptions): Raster {
  const width = Math.min(map.size, pixels);
  const data = new Uint8ClampedArray(width * width * 4);
  const cells = map.size / width;
  const first = skipFirst ? 1 : 0;
  const greatest = scale === 'query' ? 0 : map.greatest(head, skipFirst);
  const greatestOf = Float32Array.from({ length: map.size }, (_, query) =>
    scale === 'query' ? map.greatestOf(head, query, skipFirst) : greatest,
  );
  for (let y = 0; y < width; y++) {
    const [top, bottom] = [Math.floor(y * cells), Math.max(Math.floor(y * cells) + 1, Math.floor((y + 1) * cells))];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.floor(x * cells), Math.max(Math.floor(x * cells) + 1, Math.floor((x + 1) * cells))];
      if (left >= bottom) break;
      let level = 0;
      for (let query = top; query < bottom; query++) {
        const most = greatestOf[query] || 1;
        for (let key = Math.max(first, left); key < right && key <= query; key++)
          level = Math.max(level, map.weight(head, query, key) / most);
      }
      const colour = colours[colourIndex(level, scale, colours.length)]!;
      data.set([colour[0], colour[1], colour[2], 255], (y * width + x) * 4);
    }
  }
  return { width, data };
}

/** @param level weight as a share of the greatest */
export function colourIndex(level: number, scale: Scale, colours: number): number {
  const share = Math.min(1, Math.max(0, level));
  return Math.round((scale === 'root' ? Math.sqrt(share) : share) * (colours - 1));
}
