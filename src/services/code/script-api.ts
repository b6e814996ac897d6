/** `print`, `table` and `plot` as a script's author sees them; the editor takes its completions from this very file. */

/** Numbers in a row: a list or a typed array. What is not finite leaves a gap. */
export type Numbers = ArrayLike<number | null>;

/** A tensor as the services give it. */
export interface TensorValue {
  dtype: string;
  shape: readonly number[];
  data: unknown;
}

export interface Print {
  /** Shows values. Tensors and typed arrays are summarised: shape, range, first values. */
  (...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

export interface TableOptions {
  title?: string;
  /** Which columns, in this order; all fields of all rows when left out. */
  columns?: readonly string[];
}

/**
 * Shows rows: objects, or lists whose columns are named.
 * @example table([{ batch: 1, tokens_per_second: 212 }, { batch: 8, tokens_per_second: 903 }])
 */
export type Table = (rows: readonly object[], options?: TableOptions) => void;

interface PlotText {
  title?: string;
  x_label?: string;
  y_label?: string;
}

export interface SeriesPlot extends PlotText {
  kind: 'line' | 'bar' | 'scatter';
  /** Values by the name of their series. */
  series: Readonly<Record<string, Numbers>> | readonly { label: string; values: Numbers; x?: Numbers }[];
  /** Where the values stand; 0, 1, 2 … when left out. */
  x?: Numbers;
  /** Names along x, for bars. */
  labels?: readonly string[];
}

export interface HeatmapPlot extends PlotText {
  kind: 'heatmap';
  /** Rows of numbers, or a tensor whose last two dimensions are the picture. */
  values: readonly Numbers[] | TensorValue;
  /** The leading indices into a tensor: `[sequence, head]` of an attention map. Zeros when left out. */
  at?: readonly number[];
  /** Names of the columns. */
  labels?: readonly string[];
  row_labels?: readonly string[];
}

/**
 * Draws a chart.
 * @example plot({ kind: 'line', title: 'Decode', x: [1, 2, 4, 8], series: { 'tokens/s': speeds } })
 * @example plot({ kind: 'heatmap', values: captures['attentions.0'], at: [0, 3], labels: tokens, row_labels: tokens })
 */
export type Plot = (plot: SeriesPlot | HeatmapPlot) => void;
