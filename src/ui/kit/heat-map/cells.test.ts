/** Pointer and arrow keys stay within the map. */
import { expect, it } from 'vitest';
import { cellAt, cellByKey } from './cells.ts';

const size = { rows: 3, columns: 2 };

it.each([
  ['ArrowDown', { row: 0, column: 0 }, { row: 1, column: 0 }],
  ['ArrowRight', { row: 0, column: 0 }, { row: 0, column: 1 }],
  ['ArrowUp', { row: 0, column: 1 }, { row: 0, column: 1 }],
  ['ArrowDown', { row: 2, column: 1 }, { row: 2, column: 1 }],
  ['ArrowLeft', { row: 2, column: 0 }, { row: 2, column: 0 }],
])('%s', (key, from, to) => expect(cellByKey(key, from, size)).toEqual(to));

it('leaves other keys alone', () => expect(cellByKey('Enter', { row: 0, column: 0 }, size)).toBeNull());

it('finds the cell under a point, and the nearest outside', () => {
  const box = { left: 10, top: 20, width: 40, height: 30 } as DOMRect;
  expect(cellAt({ clientX: 31, clientY: 45 }, box, size)).toEqual({ row: 2, column: 1 });
  expect(cellAt({ clientX: 0, clientY: 99 }, box, size)).toEqual({ row: 2, column: 0 });
});
