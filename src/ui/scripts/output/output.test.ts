/** What a script showed, as text and as places on a chart. */
import { describe, expect, test } from 'vitest';
import { aligned } from '../../kit/plot/aligned.ts';
import type { PlotData } from '../../kit/plot/plot-data.ts';
import { cellText, inline, readable } from '../../kit/json/shown.ts';

const tensor = { $type: 'tensor', dtype: 'float32', shape: [2, 3], head: [1, 2], min: 1, max: 6, mean: 3 };

test.each<[unknown, string]>([
  [{ a: [1, 'x'], 'b c': null }, '{ a: [1, "x"], "b c": null }'],
  [[], '[]'],
  [{}, '{}'],
  [{ $type: 'undefined' }, 'undefined'],
  [{ $type: 'bigint', text: '10' }, '10n'],
  [{ $type: 'map', size: 1, entries: [['a', 1]] }, 'Map of 1 [["a", 1]]'],
  [{ t: tensor }, '{ t: float32 [2, 3] in 1 … 6, mean 3: 1, 2, … }'],
])('%j in one line', (value, text) => expect(inline(value)).toBe(text));

test('a long value has no line, and is readable as a tree', () => {
  expect(inline(Array.from({ length: 200 }, () => 'word'))).toBeNull();
  expect(readable({ a: [tensor, { $type: 'set', size: 1, values: [2] }] })).toEqual({
    a: ['float32 [2, 3] in 1 … 6, mean 3: 1, 2, …', { 'Set of 1': [2] }],
  });
});

test.each<[unknown, string]>([
  [1234567, '1,234,567'],
  [0.123456, '0.1235'],
  [0.00001234, '1.234e-5'],
  [1234.5678, '1,234.57'],
  [null, ''],
  ['text', 'text'],
])('the cell %j', (value, text) => expect(cellText(value)).toBe(text));

describe('series on one x', () => {
  const plot = (kind: PlotData['kind'], series: PlotData['series']): PlotData => ({
    kind,
    title: null,
    x_label: null,
    y_label: null,
    labels: null,
    series,
  });
  test('lines share their x, what is missing stays open, gaps stay gaps', () => {
    const series = [
      { label: 'a', x: [1, 3], values: [10, null] },
      { label: 'b', x: [2, 3], values: [5, 6] },
    ];
    expect(aligned(plot('line', series))).toEqual({
      x: [1, 2, 3],
      ys: [
        [10, undefined, null],
        [undefined, 5, 6],
      ],
    });
  });
  test('without x the position counts', () => {
    expect(aligned(plot('line', [{ label: 'a', values: [4, 5] }]))).toEqual({ x: [0, 1], ys: [[4, 5]] });
  });
  test('points of a cloud keep their own place', () => {
    expect(aligned(plot('scatter', [{ label: 'a', x: [2, 2], values: [1, 3] }]))).toEqual({ x: [2, 2], ys: [[1, 3]] });
  });
  test('bars stand in a row', () => {
    expect(aligned(plot('bar', [{ label: 'a', x: [64, 512], values: [1, 2] }])).x).toEqual([0, 1]);
  });
});
