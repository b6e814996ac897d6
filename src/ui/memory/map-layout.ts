/** Where the cell of a block stands, and which block a point or an arrow key means. */

export interface Layout {
  columns: number;
  rows: number;
  /** From cell to cell, in CSS pixels. */
  pitch: number;
  /** Between two cells. */
  gap: number;
}

/** Large enough to point at where there is room, small enough that a thousand blocks are seen at once. */
const PITCHES = [20, 16, 13, 11, 9, 7, 5, 4] as const;
/** Beyond it a smaller pitch is tried. */
const GOOD_HEIGHT = 260;

export function layoutOf(count: number, width: number): Layout {
  let layout: Layout = { columns: 1, rows: count, pitch: 4, gap: 1 };
  for (const pitch of PITCHES) {
    const columns = Math.max(1, Math.floor(width / pitch));
    layout = { columns, rows: Math.max(1, Math.ceil(count / columns)), pitch, gap: pitch > 12 ? 2 : 1 };
    if (layout.rows * pitch <= GOOD_HEIGHT) break;
  }
  return layout;
}

export function cellAt({ columns, pitch }: Layout, count: number, x: number, y: number): number | null {
  const [column, row] = [Math.floor(x / pitch), Math.floor(y / pitch)];
  if (column < 0 || column >= columns || row < 0) return null;
  const block = row * columns + column;
  return block < count ? block : null;
}

/** `null`: the key means nothing here. */
export function moveCell({ columns }: Layout, count: number, block: number, key: string): number | null {
  const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const move = moves[key];
  if (move === undefined) return null;
  const to = block + move;
  return to < 0 || to >= count ? block : to;
}
