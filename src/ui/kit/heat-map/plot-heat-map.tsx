/** The heat map of a plot: any matrix, from its least value to its greatest. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Cell } from './cells.ts';
import { HeatMap } from './heat-map.tsx';
import { heat } from '../colour/palette.ts';
import type { PlotData } from '../plot/plot-data.ts';
import { formatNumber } from '../json/shown.ts';

export function PlotHeatMap({ plot: { series, labels, x_label, y_label }, title }: { plot: PlotData; title: string }) {
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

  const value = cell && series[cell.row]?.values[cell.column];
  const names = Array.from({ length: columns }, (_, column) => labels?.[column] ?? String(column));
  return (
    <HeatMap
      label={`${title}: ${rows} rows and ${columns} columns, values from ${formatNumber(least)} to ${formatNumber(greatest)}. Arrow keys read the cells.`}
      rows={{ title: y_label, names: series.map(({ label }) => label) }}
      columns={{ title: x_label, names }}
      cell={cell}
      onCell={setCell}
      maxWidth={`min(100%, ${Math.max(16, Math.min(44, columns * 1.75 + 6))}rem)`}
      picture={<canvas ref={canvas} width={columns} height={rows} />}
    >
      {cell ? (
        <span>
          <b>{value === null || value === undefined ? 'no value' : formatNumber(value)}</b> at {series[cell.row]?.label} →{' '}
          {names[cell.column]}
        </span>
      ) : (
        <span>
          {formatNumber(least)} to {formatNumber(greatest)}
        </span>
      )}
    </HeatMap>
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
