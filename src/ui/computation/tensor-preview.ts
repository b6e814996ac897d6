/** A tensor as a picture of moderate size: its last axis across, all others down. */
import { type Tensor, tensorData } from '../../contract/index.ts';
import type { PlotData } from '../kit/plot/plot-data.ts';

export interface TensorPreview {
  plot: PlotData;
  /** Of a tensor that is too small for a picture. */
  values: number[] | null;
  /** Of its finite values; NaN where there is none. */
  mean: number;
  /** NaN and infinities. */
  nonFinite: number;
  /** What of it is not in the picture. */
  cropped: string | null;
}

const MAX_ROWS = 64;
const MAX_COLUMNS = 256;
const FEW = 12;
/** A vector longer than this goes over several lines. */
const LINE = 64;

export function tensorPreview(name: string, tensor: Tensor): TensorPreview {
  const data = tensorData(tensor);
  const { shape, dtype } = tensor;
  const isVector = shape.slice(0, -1).every((size) => size === 1);
  const columns = isVector ? Math.min(LINE, data.length) : (shape.at(-1) ?? 1);
  const rows = columns === 0 ? 0 : Math.ceil(data.length / columns);
  const shownRows = Math.min(rows, MAX_ROWS);
  const shownColumns = Math.min(columns, MAX_COLUMNS);
  const series = Array.from({ length: shownRows }, (_, row) => ({
    label: isVector ? `${name}[${row * columns} …]` : `${name}[${indexOf(row, shape.slice(0, -1)).join(', ')}]`,
    values: Array.from(data.subarray(row * columns, Math.min(row * columns + shownColumns, data.length)), (value) =>
      Number.isFinite(value) ? value : null,
    ),
  }));
  const parts = [
    shownRows < rows && `the first ${shownRows} of ${rows.toLocaleString('en')} rows`,
    shownColumns < columns && `the first ${shownColumns} of ${columns.toLocaleString('en')} columns`,
  ].filter(Boolean);
  return {
    plot: { kind: 'heatmap', title: `${name} ${dtype} [${shape.join(', ')}]`, x_label: null, y_label: null, labels: null, series },
    values: data.length <= FEW ? [...data] : null,
    ...statistics(data),
    cropped: parts.length > 0 ? parts.join(' and ') : null,
  };
}

/** The index along the axes `sizes` of a place in row-major order. */
function indexOf(place: number, sizes: readonly number[]): number[] {
  const index: number[] = [];
  let rest = place;
  for (const size of sizes.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

function statistics(data: ArrayLike<number>): Pick<TensorPreview, 'mean' | 'nonFinite'> {
  let [sum, finite] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) continue;
    finite++;
    sum += data[i]!;
  }
  return { mean: finite > 0 ? sum / finite : Number.NaN, nonFinite: data.length - finite };
}
