/** The cells of a heat map, by pointer and by arrow keys. */

export interface Cell {
  row: number;
  column: number;
}

export interface Size {
  rows: number;
  columns: number;
}

const STEPS: Record<string, readonly [down: number, right: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const within = (index: number, length: number): number => Math.min(length - 1, Math.max(0, index));

/** Where an arrow key leads from a cell; null for any other key. */
export function cellByKey(key: string, { row, column }: Cell, { rows, columns }: Size): Cell | null {
  const step = STEPS[key];
  return step ? { row: within(row + step[0], rows), column: within(column + step[1], columns) } : null;
}

/** The cell under a point of the page. */
export function cellAt({ clientX, clientY }: { clientX: number; clientY: number }, box: DOMRect, { rows, columns }: Size): Cell {
  return {
    row: within(Math.floor(((clientY - box.top) / box.height) * rows), rows),
    column: within(Math.floor(((clientX - box.left) / box.width) * columns), columns),
  };
}
