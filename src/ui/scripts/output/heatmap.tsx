/** A matrix as a picture: a cell a pixel, scaled up without blur; the value under the pointer or the arrow keys is told. */
import { useComputedColorScheme } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import classes from './output.module.css';
import { heat } from './palette.ts';
import type { PlotData } from './plot-data.ts';
import { formatNumber } from './shown.ts';

interface Cell {
  row: number;
  column: number;
}

export function Heatmap({ plot: { series, labels, x_label, y_label }, title }: { plot: PlotData; title: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const [cell, setCell] = useState<Cell | null>(null);
  const rows = series.length;
  const columns = Math.max(1, ...series.map(({ values }) => values.length));
  const [least, greatest] = useMemo(() => rangeOf(series.map(({ values }) => values)), [series]);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || rows === 0) return;
    const image = context.createImageData(columns, rows);
    for (const [row, { values }] of series.entries()) {
      for (const [column, value] of values.entries()) {
        if (value === null) continue;
        const [r, g, b] = heat(scheme, greatest > least ? (value - least) / (greatest - least) : 0.5);
        image.data.set([r, g, b, 255], (row * columns + column) * 4);
      }
    }
    context.putImageData(image, 0, 0);
  }, [series, rows, columns, least, greatest, scheme]);

  const point = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>) => {
    const box = currentTarget.getBoundingClientRect();
    setCell({
      row: clamp(Math.floor(((clientY - box.top) / box.height) * rows), rows),
      column: clamp(Math.floor(((clientX - box.left) / box.width) * columns), columns),
    });
  };
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    setCell((was) => ({
      row: clamp((was?.row ?? 0) + (was ? step[0] : 0), rows),
      column: clamp((was?.column ?? 0) + (was ? step[1] : 0), columns),
    }));
  };

  const value = cell && series[cell.row]?.values[cell.column];
  return (
    <div className={classes.heatmap}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a canvas of cells: the application role gives it the arrow keys */}
      <div
        className={classes.cells}
        style={{
          aspectRatio: `${columns} / ${rows}`,
          maxWidth: `min(100%, ${Math.max(12, Math.min(40, columns * 1.75))}rem)`,
          // A few long rows stay thick enough to be seen.
          minHeight: `${Math.min(rows, 8) * 0.75}rem`,
        }}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="application"
        aria-label={`${title}: ${rows} rows and ${columns} columns, values from ${formatNumber(least)} to ${formatNumber(greatest)}. Arrow keys read the cells.`}
        onPointerMove={point}
        onPointerLeave={() => setCell(null)}
        onKeyDown={move}
        onBlur={() => setCell(null)}
      >
        <canvas ref={canvas} width={columns} height={rows} />
        {cell && (
          <span
            className={classes.cursor}
            style={{
              left: `${(cell.column / columns) * 100}%`,
              top: `${(cell.row / rows) * 100}%`,
              width: `${100 / columns}%`,
              height: `${100 / rows}%`,
            }}
          />
        )}
      </div>
      <p className={classes.reading} aria-live="polite">
        {cell ? (
          <>
            <b>{value === null || value === undefined ? 'no value' : formatNumber(value)}</b> at {series[cell.row]?.label} →{' '}
            {labels?.[cell.column] ?? cell.column}
          </>
        ) : (
          <>
            {formatNumber(least)} to {formatNumber(greatest)}
            {(y_label || x_label) && ` · ${[y_label, x_label].filter(Boolean).join(' by ')}`}
          </>
        )}
      </p>
    </div>
  );
}

const STEPS: Record<string, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const clamp = (index: number, length: number) => Math.min(length - 1, Math.max(0, index));

function rangeOf(rows: readonly (readonly (number | null)[])[]): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const row of rows) {
    for (const value of row) {
      if (value === null) continue;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  return Number.isFinite(least) ? [least, greatest] : [0, 0];
}
