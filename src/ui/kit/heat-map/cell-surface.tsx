/** What a heat map is drawn on: the pointer and the arrow keys read its cells, and Enter or a click chooses one where that does something. */
import type { ComponentPropsWithRef, KeyboardEvent, PointerEvent } from 'react';
import { type Cell, cellAt, cellByKey, type Size } from './cells.ts';

interface Props extends Omit<ComponentPropsWithRef<'div'>, 'role' | 'tabIndex' | `on${string}`> {
  size: Size;
  /** The cell that is read now. */
  cell: Cell | null;
  /** Where the keys begin; the first of them only goes there unless it is given. */
  start?: Cell;
  onCell: (cell: Cell | null) => void;
  onChoose?: (cell: Cell) => void;
}

export function CellSurface({ size, cell, start, onCell, onChoose, ...rest }: Props) {
  const point = (event: PointerEvent<HTMLElement>) => onCell(cellAt(event, event.currentTarget.getBoundingClientRect(), size));
  const onKeyDown = (event: KeyboardEvent) => {
    const from = cell ?? start ?? null;
    if (onChoose && (event.key === 'Enter' || event.key === ' ')) {
      if (from) onChoose(from);
    } else {
      const next = cellByKey(event.key, from ?? { row: 0, column: 0 }, size);
      if (!next) return;
      onCell(from ? next : { row: 0, column: 0 });
    }
    event.preventDefault();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- cells on a canvas: the application role gives it the arrow keys
    <div
      {...rest}
      role="application"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => onCell(null)}
      onBlur={() => onCell(null)}
      onKeyDown={onKeyDown}
      onClick={() => cell && onChoose?.(cell)}
    />
  );
}
