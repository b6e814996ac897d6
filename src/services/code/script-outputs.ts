/** Implements `print`, `table` and `plot`: checks what it is given and emits it as plain, bounded events. */
import {
  MAX_PICTURE_BYTES,
  MAX_PLOT_VALUES,
  MAX_SCRIPT_OUTPUTS,
  MAX_TABLE_ROWS,
  type PictureType,
  type ScriptOutput,
} from '../../contract/code-run.ts';
import { bytesToBase64 } from '../../contract/index.ts';
import { valueText } from '../../environment/thrown.ts';
import type { HeatmapPlot, Numbers, Plot, Print, SeriesPlot, Table } from './script-api.ts';
import { asTensor, shown } from './shown-value.ts';

type Series = Extract<ScriptOutput, { event: 'plot' }>['data']['series'][number];

export class ScriptOutputs {
  prints = 0;
  leftOut = 0;
  #kept = 0;
  readonly print: Print;

  /** @param beforeEach throws when the script is to stop */
  constructor(
    private readonly emit: (output: ScriptOutput) => void,
    private readonly beforeEach: () => void,
  ) {
    const at =
      (level: 'log' | 'warn' | 'error') =>
      (...values: unknown[]) => {
        this.prints++;
        this.#add(() => ({ event: 'print', data: { level, values: values.map(shown) } }));
      };
    this.print = Object.assign(at('log'), { warn: at('warn'), error: at('error') });
  }

  readonly table: Table = (rows, { title = null, columns } = {}) => {
    if (!Array.isArray(rows)) throw new TypeError('table takes a list of rows: objects, or lists with `columns`.');
    this.#add(() => {
      const names = columns ?? columnsOf(rows);
      const cells = (row: object) =>
        Array.isArray(row) ? names.map((_, i) => row[i] as unknown) : names.map((name) => (row as Record<string, unknown>)[name]);
      const kept = rows.slice(0, MAX_TABLE_ROWS).map((row: object) => cells(row).map((cell) => (cell === undefined ? null : shown(cell))));
      if (kept.length < rows.length) this.leftOut += rows.length - kept.length;
      return { event: 'table', data: { title, columns: names.map(String), rows: kept } };
    });
  };

  readonly plot: Plot = (options) => {
    if (!KINDS.has(options?.kind)) throw new TypeError(`plot takes { kind: ${[...KINDS].map((kind) => `'${kind}'`).join(' | ')}, … }.`);
    this.#add(() => {
      const { kind, title = null, x_label = null, y_label = null, labels } = options;
      const series = options.kind === 'heatmap' ? heatmapRows(options) : seriesOf(options);
      const size = series.reduce((sum, { values }) => sum + values.length, 0);
      if (size > MAX_PLOT_VALUES) throw new RangeError(`A plot shows up to ${MAX_PLOT_VALUES} values; this one has ${size}.`);
      return { event: 'plot', data: { kind, title, x_label, y_label, labels: labels ? labels.map(String) : null, series } };
    });
  };

  /** Bytes of a picture file. */
  picture(bytes: Uint8Array, kind: string, title: string | null): void {
    const media_type = PICTURES[kind.toLowerCase()];
    if (!media_type) throw new TypeError(`picture takes ${Object.keys(PICTURES).join(', ')}; got ${kind}.`);
    if (bytes.length > MAX_PICTURE_BYTES)
      throw new RangeError(`A picture has up to ${MAX_PICTURE_BYTES} bytes; this one has ${bytes.length}.`);
    this.#add(() => ({ event: 'picture', data: { title, media_type, data: bytesToBase64(bytes) } }));
  }

  #add(make: () => ScriptOutput): void {
    this.beforeEach();
    if (this.#kept >= MAX_SCRIPT_OUTPUTS) {
      this.leftOut++;
      return;
    }
    this.#kept++;
    this.emit(make());
  }
}

const PICTURES: Readonly<Record<string, PictureType>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

const KINDS: ReadonlySet<unknown> = new Set(['line', 'bar', 'heatmap', 'scatter']);

/** Every field of every row, in the order in which they appear. */
function columnsOf(rows: readonly object[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    if (typeof row !== 'object' || row === null) throw new TypeError(`A row of a table is an object or a list; got ${valueText(row)}.`);
    for (const name of Object.keys(row)) names.add(name);
  }
  return [...names];
}

const finite = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value + 0 : null);
const numbers = (values: Numbers): (number | null)[] => Array.from(values, finite);

function seriesOf({ series, x }: SeriesPlot): Series[] {
  const named = Array.isArray(series)
    ? (series as readonly { label: string; values: Numbers; x?: Numbers }[])
    : Object.entries(series ?? {}).map(([label, values]: [string, Numbers]) => ({ label, values }));
  return named.map(({ label, values, ...own }) => {
    if (typeof values?.length !== 'number') throw new TypeError(`The series "${label}" of a plot needs a list of numbers.`);
    const at = 'x' in own && own.x ? own.x : x;
    if (at && at.length !== values.length)
      throw new RangeError(`The series "${label}" has ${values.length} values for ${at.length} places on x.`);
    return { label: String(label), values: numbers(values), ...(at && { x: numbers(at) }) };
  });
}

function heatmapRows({ values, at = [], row_labels }: HeatmapPlot): Series[] {
  const tensor = asTensor(values);
  const rows = tensor ? slices(tensor, at) : values;
  if (!Array.isArray(rows)) throw new TypeError('The values of a heatmap are rows of numbers, or a tensor.');
  return rows.map((row: Numbers, i) => ({ label: row_labels?.[i] ?? String(i), values: numbers(row) }));
}

/** The rows of a matrix inside a tensor of shape [..., rows, columns]. */
function slices(
  { shape, data }: { shape: readonly number[]; data: { subarray(start: number, end: number): Numbers } },
  at: readonly number[],
): Numbers[] {
  if (shape.length < 2) throw new RangeError(`A heatmap needs at least two dimensions; this tensor has the shape [${shape.join(', ')}].`);
  const [rows = 0, columns = 0] = shape.slice(-2);
  let matrix = 0;
  for (const [axis, length] of shape.slice(0, -2).entries()) {
    const index = at[axis] ?? 0;
    if (!(index >= 0 && index < length))
      throw new RangeError(`\`at[${axis}]\` is ${index}; the tensor has the shape [${shape.join(', ')}].`);
    matrix = matrix * length + index;
  }
  return Array.from({ length: rows }, (_, row) => data.subarray((matrix * rows + row) * columns, (matrix * rows + row + 1) * columns));
}
