/** What of a tensor is shown, and where. */
import { expect, test } from 'vitest';
import { tensorPreview } from './tensor-preview.ts';

const range = (length: number) => Float32Array.from({ length }, (_, i) => i);

test('the last axis lies across, the others down, each row with its index', () => {
  const { plot, mean, cropped } = tensorPreview('y', { dtype: 'float32', shape: [2, 2, 3], data: range(12) });
  expect(plot.title).toBe('y float32 [2, 2, 3]');
  expect(plot.series).toEqual([
    { label: 'y[0, 0]', values: [0, 1, 2] },
    { label: 'y[0, 1]', values: [3, 4, 5] },
    { label: 'y[1, 0]', values: [6, 7, 8] },
    { label: 'y[1, 1]', values: [9, 10, 11] },
  ]);
  expect([mean, cropped]).toEqual([5.5, null]);
});

test('a long vector goes over several lines, the last as long as what is left', () => {
  const { series } = tensorPreview('x', { dtype: 'int32', shape: [1, 130], data: Int32Array.from(range(130)) }).plot;
  expect(series.map(({ label, values }) => [label, values.length])).toEqual([
    ['x[0 …]', 64],
    ['x[64 …]', 64],
    ['x[128 …]', 2],
  ]);
});

test('what is too large is cropped and says so; statistics are of all of it', () => {
  const { plot, cropped, mean } = tensorPreview('y', { dtype: 'float32', shape: [100, 300], data: range(30_000) });
  expect(plot.series).toHaveLength(64);
  expect(plot.series[1]).toMatchObject({ label: 'y[1]', values: expect.objectContaining({ length: 256, 0: 300 }) as number[] });
  expect(cropped).toBe('the first 64 of 100 rows and the first 256 of 300 columns');
  expect(mean).toBe(14_999.5);
});

test('a few values stand for themselves', () => {
  expect(tensorPreview('index', { dtype: 'int32', shape: [2], data: [3, 5] }).values).toEqual([3, 5]);
  expect(tensorPreview('y', { dtype: 'float32', shape: [13], data: range(13) }).values).toBeNull();
});

test('what is not finite leaves a hole and is counted', () => {
  const preview = tensorPreview('y', { dtype: 'float32', shape: [2, 2], data: [1, Number.NaN, Infinity, 3] });
  expect(preview.plot.series.map(({ values }) => values)).toEqual([
    [1, null],
    [null, 3],
  ]);
  expect(preview).toMatchObject({ mean: 2, nonFinite: 2 });
});
