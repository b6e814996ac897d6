/** Rows as CSV (RFC 4180) for spreadsheets: a cell that one would take for a formula begins with an apostrophe, as text does there. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Signs that begin a formula, their full-width forms too, and what importers skip before one. */
const FORMULA = /^[\s=+\-@＝＋－＠]/;

export const csvOf = (rows: readonly (readonly unknown[])[]): string => rows.map((row) => row.map(cell).join()).join('\n');

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const plain = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
