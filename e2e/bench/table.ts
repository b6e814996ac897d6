/** The table that a person reads. */
import type { Row } from './benchmark.ts';

const HEAD = ['name', 'ours', 'other', 'unit', 'ratio', 'best', 'target', 'met?'];

export function tableOf(rows: readonly Row[]): string {
  const notes: string[] = [];
  const lines = rows.map((row) => {
    if (row.note) notes.push(`[${notes.length + 1}] ${row.name}: ${row.note}`);
    const mark = row.note ? ` [${notes.length}]` : '';
    const other = row.other === null ? '–' : `${figure(row.other)} (${row.other_name})`;
    return [
      row.name + mark,
      figure(row.ours),
      other,
      row.unit,
      figure(row.ratio),
      figure(row.best_ratio),
      row.target ?? '–',
      row.met === null ? '–' : row.met ? 'yes' : 'NO',
    ];
  });
  const widths = HEAD.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)));
  const text = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [
    text(HEAD),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...lines.map(text),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

const isNumber = (column: number): boolean => column === 1 || column === 4 || column === 5;

function figure(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Math.abs(value) < 0.1 ? value.toPrecision(2) : value.toFixed(digits);
}
