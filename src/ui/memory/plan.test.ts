/** A form that was not touched changes nothing, and one that was changes only that. */
import { expect, test } from 'vitest';
import { changeOf, type Config, differences, draftOf } from './plan.ts';
import { withSample, type Sample } from './history.ts';

const config: Config = {
  ...{ strategy: 'paged', block_size: 16, eviction: 'lru', evictions: [], watermark: 0.01, prefix_caching: true, max_pool_blocks: 512 },
  tiers: [{ name: 'gpu', medium: 'wasm_memory', capacity_blocks: 512, capacity_bytes: 512 * 1024 }],
};

test('an untouched draft is no change', () => {
  expect(changeOf(config, draftOf(config))).toBeNull();
});

test('the change holds only what differs', () => {
  expect(changeOf(config, { ...draftOf(config), watermark: 0.05 })).toEqual({ watermark: 0.05 });
  expect(changeOf(config, { ...draftOf(config), strategy: 'static', prefix_caching: false })).toEqual({
    strategy: 'static',
    prefix_caching: false,
  });
});

test('a tier of no blocks is left out, and the pool always stands first', () => {
  const blocks = { gpu: 512, cpu: 0, disk: 64 };
  expect(changeOf(config, { ...draftOf(config), blocks })).toEqual({
    tiers: [
      { name: 'gpu', capacity_blocks: 512 },
      { name: 'disk', capacity_blocks: 64 },
    ],
  });
});

test('differences read as before and after', () => {
  const after: Config = {
    ...config,
    watermark: 0.05,
    tiers: [...config.tiers, { name: 'cpu', medium: 'memory', capacity_blocks: 8, capacity_bytes: 8192 }],
  };
  expect(differences(config, after)).toEqual([
    { field: 'watermark', before: '1 %', after: '5 %' },
    { field: 'tier cpu', before: 'none', after: '8 blocks, 8.19 kB' },
  ]);
});

test('the row of samples stays bounded and keeps its ends', () => {
  const stats = { tiers: [], prefix: { hit_rate: null }, fragmentation: 0.5, wasted_bytes: 2048 } as unknown as Parameters<
    typeof withSample
  >[1];
  let row: Sample[] = [];
  for (let i = 0; i < 5000; i++) row = withSample(row, stats, i);
  expect(row.length).toBeLessThanOrEqual(601);
  expect(row[0]).toMatchObject({ seconds: 0, fragmentation: 50, wasted: 2.048, hitRate: null });
  expect(row.at(-1)!.seconds).toBe(4999);
  expect(row.every(({ seconds }, i) => i === 0 || seconds > row[i - 1]!.seconds)).toBe(true);
});
