/** A matrix as a picture with the names of its rows and columns; the value under the pointer or the arrow keys is told. */
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CellSurface } from './cell-surface.tsx';
import type { Cell } from './cells.ts';
import classes from '../plot/output.module.css';
import { heat } from '../colour/palette.ts';
import type { PlotData } from '../plot/plot-data.ts';
import { formatNumber } from '../json/shown.ts';

/** What one name takes of its side. */
const NAME_PX = 15;

export function PlotHeatMap({ plot: { series, labels, x_label, y_label }, title }: { plot: PlotData; title: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref: area, width, height } = useElementSize<HTMLDivElement>();
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

  const value = cell && series[cell.row]?.values[cell.column];
  return (
    <div className={classes.heatmap}>
      <div className={classes.map} style={{ maxWidth: `min(100%, ${Math.max(16, Math.min(44, columns * 1.75 + 6))}rem)` }}>
        {y_label !== null && <span className={classes.yName}>{y_label}</span>}
        <Names side="rows" names={series.map(({ label }) => label)} length={height} />
        <CellSurface
          ref={area}
          size={{ rows, columns }}
          cell={cell}
          onCell={setCell}
          className={classes.cells}
          style={{
            aspectRatio: `${columns} / ${rows}`,
            // A few long rows stay thick enough to be seen, and to be named each; the border is inside.
            minHeight: `${Math.min(rows, 8) * NAME_PX + 2}px`,
          }}
          aria-label={`${title}: ${rows} rows and ${columns} columns, values from ${formatNumber(least)} to ${formatNumber(greatest)}. Arrow keys read the cells.`}
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
        </CellSurface>
        <Names side="columns" names={Array.from({ length: columns }, (_, column) => labels?.[column] ?? String(column))} length={width} />
        {x_label !== null && <span className={classes.xName}>{x_label}</span>}
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
          </>
        )}
      </p>
    </div>
  );
}

/** Names beside their rows or below their columns; where there is no room for all, every second, third … of them. */
function Names({ side, names, length }: { side: 'rows' | 'columns'; names: readonly string[]; length: number }) {
  if (length === 0) return <div className={classes.names} data-side={side} />;
  const every = Math.ceil((names.length * NAME_PX) / length);
  return (
    // The reading below tells them with their values.
    <div className={classes.names} data-side={side} aria-hidden="true">
      {/* What makes room; the others are laid over it. */}
      <span className={classes.longest}>{names.reduce((longest, name) => (name.length > longest.length ? name : longest), '')}</span>
      {names.map((name, index) => {
        if (index % every !== 0) return null;
        const at = `${((index + 0.5) / names.length) * 100}%`;
        return (
          <span key={index} className={classes.name} style={side === 'rows' ? { top: at } : { left: at }}>
            {name}
          </span>
        );
      })}
    </div>
  );
}

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
