/** Results of a benchmark as a table, as lines over the size, and as one sentence about who is faster. */
import type { Output } from '../../../contract/index.ts';
import type { PlotData } from '../../kit/plot/plot-data.ts';

export type Benchmark = Output<'computation', 'benchmark'>;
export type BenchmarkResult = Benchmark['results'][number];

export const METRICS = {
  time: { label: 'Time', axis: 'median, ms', read: (result: BenchmarkResult) => result.timing?.median_ms ?? null },
  gflops: { label: 'GFLOP/s', axis: 'GFLOP/s', read: (result: BenchmarkResult) => result.gflops },
  bandwidth: { label: 'GB/s', axis: 'GB/s', read: (result: BenchmarkResult) => result.gb_per_second },
  decode: { label: 'Decode', axis: 'decoded tokens/s', read: (result: BenchmarkResult) => result.decode_tokens_per_second },
} as const;
export type Metric = keyof typeof METRICS;

type Column = [name: string, read: (result: BenchmarkResult) => unknown];

/** How it was measured. */
const CIRCUMSTANCES: readonly { column: string; read: (result: BenchmarkResult) => unknown; tell: (value: unknown) => string }[] = [
  { column: 'provider', read: ({ execution_provider }) => execution_provider, tell: (value) => `on ${String(value)}` },
  { column: 'dtype', read: ({ compute_dtype }) => compute_dtype, tell: String },
  { column: 'repeats', read: ({ timing }) => timing?.repeats ?? null, tell: (value) => `${String(value)} repeats` },
];

/** What there is of something, each once. */
const valuesOf = (results: readonly BenchmarkResult[], read: (result: BenchmarkResult) => unknown): unknown[] => [
  ...new Set(results.map(read).filter((value) => value !== null)),
];

export interface Table {
  columns: string[];
  rows: unknown[][];
}

const percent = (share: number | null | undefined) => (share === null || share === undefined ? null : 100 * share);

/** Columns in which there is nothing are left out, and so are sizes and circumstances that are the same throughout: `commonOf` tells those. */
export function tableOf(results: readonly BenchmarkResult[], swept: readonly string[]): Table {
  const columns: Column[] = [
    ['subject', ({ subject }) => subject.id],
    ...sizeColumns(results, swept),
    ...CIRCUMSTANCES.filter(({ read }) => valuesOf(results, read).length > 1).map(({ column, read }): Column => [column, read]),
    ['median ms', ({ timing }) => timing?.median_ms ?? null],
    ['p95 ms', ({ timing }) => timing?.p95_ms ?? null],
    ['CV %', ({ timing }) => percent(timing?.cv)],
    ['GPU median ms', ({ gpu_timing }) => gpu_timing?.median_ms ?? null],
    ['× first', (result) => ratioOf(result, results)],
    ['GFLOP/s', ({ gflops }) => gflops],
    ['GB/s', ({ gb_per_second }) => gb_per_second],
    ['% of roofline', ({ roofline_share }) => percent(roofline_share)],
    ['prefill tokens/s', (result) => result.prefill_tokens_per_second],
    ['decode tokens/s', (result) => result.decode_tokens_per_second],
    ['largest error', ({ agreement }) => agreement?.max_abs_error ?? null],
    ['agrees', ({ agreement }) => (agreement === null ? null : agreement.passed ? 'yes' : 'NO')],
  ];
  const kept = columns.filter(([, read]) => results.some((result) => read(result) !== null));
  return { columns: kept.map(([name]) => name), rows: results.map((result) => kept.map(([, read]) => read(result))) };
}

function sizeNames(results: readonly BenchmarkResult[]): string[] {
  return [...new Set(results.flatMap(({ sizes }) => Object.keys(sizes)))];
}

/** One for each size that varies, one for all that were swept together; where subjects have sizes of their own, one for all of them. */
function sizeColumns(results: readonly BenchmarkResult[], swept: readonly string[]): Column[] {
  const names = sizeNames(results);
  if (results.some(({ sizes }) => Object.keys(sizes).length !== names.length)) return [['sizes', ({ sizes }) => sizesText(sizes)]];
  const [first, ...others] = swept;
  return names
    .filter((name) => !others.includes(name) && new Set(results.map(({ sizes }) => sizes[name])).size > 1)
    .map((name) => [name === first ? swept.join(' = ') : name, ({ sizes }) => sizes[name] ?? null]);
}

const sizesText = (sizes: Readonly<Record<string, number>>): string =>
  Object.entries(sizes)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** "batch 1, heads 8, on wasm, 10 repeats": what is the same throughout. */
export function commonOf(results: readonly BenchmarkResult[]): string {
  const sizes = sizeNames(results).flatMap((name) => {
    const values = new Set(results.map((result) => result.sizes[name]));
    return values.size === 1 ? [`${name} ${[...values][0]}`] : [];
  });
  const circumstances = CIRCUMSTANCES.flatMap(({ read, tell }) => {
    const values = valuesOf(results, read);
    return values.length === 1 ? [tell(values[0])] : [];
  });
  return [...sizes, ...circumstances].join(', ');
}

/** The time beside that of the first subject at the same sizes; `null` for the first itself. */
function ratioOf(result: BenchmarkResult, results: readonly BenchmarkResult[]): number | null {
  const first = results[0]?.subject.id;
  if (first === undefined || result.subject.id === first || !result.timing) return null;
  const base = results.find(({ subject, sizes }) => subject.id === first && sameSizes(sizes, result.sizes));
  return base?.timing && base.timing.median_ms > 0 ? result.timing.median_ms / base.timing.median_ms : null;
}

const sameSizes = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);

export interface Comparison {
  subject: string;
  first: string;
  /** Least and greatest of the ratios of time; below 1 is faster. */
  least: number;
  greatest: number;
}

/** Each other subject beside the first, over all sizes that both have. */
export function comparisonsOf(results: readonly BenchmarkResult[]): Comparison[] {
  const first = results[0]?.subject.id ?? '';
  const ratios = new Map<string, number[]>();
  for (const result of results) {
    const ratio = ratioOf(result, results);
    if (ratio !== null) ratios.set(result.subject.id, [...(ratios.get(result.subject.id) ?? []), ratio]);
  }
  return Array.from(ratios, ([subject, all]) => ({ subject, first, least: Math.min(...all), greatest: Math.max(...all) }));
}

const BEYOND_ROOFLINE =
  'goes beyond 100 % of the roofline: here that share says nothing. The roofline is the best of a few large products and copies; a device that was busy then gave less, and small sizes stay in caches, which are faster than the memory.';

/** Reasons why something was not measured, not wholly, or can't be trusted, each with those it is about. */
export function notesOf(results: readonly BenchmarkResult[]): { note: string; subjects: string[] }[] {
  const notes = new Map<string, Set<string>>();
  for (const { skipped, roofline_share: share, subject } of results)
    for (const note of [skipped, (share ?? 0) > 1 ? BEYOND_ROOFLINE : null])
      if (note !== null) notes.set(note, (notes.get(note) ?? new Set()).add(subject.id));
  return Array.from(notes, ([note, subjects]) => ({ note, subjects: [...subjects] }));
}

/** Metrics that some result has. */
export const metricsOf = (results: readonly BenchmarkResult[]): Metric[] =>
  (Object.keys(METRICS) as Metric[]).filter((metric) => results.some((result) => METRICS[metric].read(result) !== null));

/**
 * Lines over what was swept, one a subject; bars where nothing was.
 * @param swept names of the sizes that took the same values
 */
export function plotOf(results: readonly BenchmarkResult[], swept: readonly string[], metric: Metric): PlotData | null {
  const { axis, label, read } = METRICS[metric];
  const measured = results.filter((result) => (read(result) ?? 0) > 0);
  if (measured.length === 0) return null;
  const [size] = swept;
  const ids = [...new Set(measured.map(({ subject }) => subject.id))];
  if (size === undefined)
    return {
      kind: 'bar',
      title: label,
      x_label: null,
      y_label: axis,
      labels: measured.map(({ subject }) => subject.id.replace(/^wgsl\./, '')),
      series: [{ label: axis, values: measured.map(read) }],
    };
  return {
    kind: 'line',
    title: `${label} over ${swept.join(' = ')}`,
    x_label: swept.join(' = '),
    y_label: axis,
    labels: null,
    series: ids.map((id) => {
      const own = measured.filter(({ subject }) => subject.id === id);
      return { label: id, x: own.map(({ sizes }) => sizes[size] ?? null), values: own.map(read) };
    }),
  };
}
