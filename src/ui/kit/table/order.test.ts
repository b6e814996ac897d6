/** Rows are ordered by what stands in a column, and go back to how they came. */
import { expect, it } from 'vitest';
import { nextOrder, sortRows } from './order.ts';

const rows = [
  { name: 'b10', ms: 2 },
  { name: 'b9', ms: null },
  { name: 'a', ms: 10 },
];
const columns = [
  { id: 'name', sortBy: (row: (typeof rows)[number]) => row.name },
  { id: 'ms', sortBy: (row: (typeof rows)[number]) => row.ms, descends: true },
  { id: 'note' },
];

const names = (column: string, descending: boolean) => sortRows(rows, columns, { column, descending }).map(({ name }) => name);

it('orders texts with the numbers in them, and numbers by size', () => {
  expect(names('name', false)).toEqual(['a', 'b9', 'b10']);
  expect(names('ms', false)).toEqual(['b10', 'a', 'b9']);
});

it('keeps what is missing last either way', () => expect(names('ms', true)).toEqual(['a', 'b10', 'b9']));

it('leaves rows as they came without an order, or by a column that has none', () => {
  expect(sortRows(rows, columns, null)).toBe(rows);
  expect(names('note', true)).toEqual(['b10', 'b9', 'a']);
});

it.each([
  [columns[0]!, [false, true, null]],
  [columns[1]!, [true, false, null]],
])('turns with each click and then ends', (column, turns) => {
  let order = nextOrder(column, { column: 'other', descending: true });
  for (const turn of turns) {
    expect(order?.descending ?? null).toBe(turn);
    order = nextOrder(column, order);
  }
});
