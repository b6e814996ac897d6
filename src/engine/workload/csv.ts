/** Reads CSV (RFC 4180): quoted cells with commas, quotes and line ends in them; any line end, with or without a byte order mark. */

export interface CsvRow {
  /** Of the row's beginning; 1 for the first. */
  readonly line: number;
  /** Without the white space around them. */
  readonly cells: readonly string[];
}

/**
 * The rows that aren't empty.
 * @param fail throws, with the line and what is wrong there
 */
export function* readCsv(text: string, fail: (line: number, message: string) => never): Generator<CsvRow> {
  const csv = text.replace(/^\ufeff/, '');
  const plain = /[^",\r\n]*/y;
  const space = /[^\S\r\n]*/y;
  const skip = (pattern: RegExp, from: number): number => {
    pattern.lastIndex = from;
    pattern.test(csv);
    return pattern.lastIndex;
  };
  let line = 1;
  let at = 0;
  while (at < csv.length) {
    const row = { line, cells: [] as string[] };
    for (;;) {
      const start = skip(space, at);
      if (csv[start] === '"') {
        const { cell, end } = readQuoted(csv, start) ?? fail(line, 'a quoted cell does not end.');
        line += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
        row.cells.push(cell.trim());
        at = skip(space, end);
      } else {
        at = skip(plain, start);
        row.cells.push(csv.slice(start, at).trim());
      }
      if (csv[at] !== ',') break;
      at++;
    }
    if (at < csv.length && csv[at] !== '\r' && csv[at] !== '\n')
      fail(line, 'a quote must open and close a whole cell; within it, it is doubled.');
    if (row.cells.some((cell) => cell !== '')) yield row;
    at += csv.startsWith('\r\n', at) ? 2 : 1;
    line++;
  }
}

/** The cell whose quote opens at `start`, and where it is over. */
function readQuoted(csv: string, start: number): { cell: string; end: number } | null {
  let close = csv.indexOf('"', start + 1);
  while (close >= 0 && csv[close + 1] === '"') close = csv.indexOf('"', close + 2);
  return close < 0 ? null : { cell: csv.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 };
}
