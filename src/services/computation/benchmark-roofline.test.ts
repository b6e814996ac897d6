/** A roofline that was measured while the device was busy is measured again: shares beyond the whole say so. */
import { expect, it, vi } from 'vitest';
import type { BenchmarkDevice } from './benchmark.ts';
import { benchmark, skippedResult, type Subject } from './benchmark.ts';
import { measureRoofline } from './roofline.ts';

vi.mock('./roofline.ts', () => ({ measureRoofline: vi.fn<typeof measureRoofline>() }));

const roofline = (gflops: number) => ({ execution_provider: 'wasm' as const, gflops, gb_per_second: 10 });
const timing = { repeats: 5, min_ms: 1, median_ms: 1, mean_ms: 1, p95_ms: 1, max_ms: 1, cv: 0 };
const platform = { gpu: async () => 'none', threads: 2, userAgent: 'test' };
const device = { platform, idle: async () => {} } as unknown as BenchmarkDevice;
const subject: Subject = {
  kind: 'kernel',
  id: 'naive',
  measure: async (sizes) => ({
    ...skippedResult({ kind: 'kernel', id: 'naive' }, sizes, null),
    execution_provider: 'wasm',
    timing,
    gflops: 5,
    gb_per_second: 1,
  }),
};
const input = { warmup: 0, repeats: 1, max_ms: 1, sizes: [{}] } as unknown as Parameters<typeof benchmark>[1];

it.each([
  ['busy at first', [0.88, 25], 25, 0.2, 2],
  ['well measured', [25, 0.88], 25, 0.2, 1],
  ['busy all the time', [0.88, 1], 1, 5, 2],
])('%s', async (_, measured, gflops, share, times) => {
  const measure = vi.mocked(measureRoofline).mockReset();
  for (const each of measured) measure.mockResolvedValueOnce(roofline(each));
  const done = await benchmark([subject], input, device, () => {});
  expect(done.roofline).toEqual([roofline(gflops)]);
  expect(done.results[0]?.roofline_share).toBe(share);
  expect(measure).toHaveBeenCalledTimes(times);
});
