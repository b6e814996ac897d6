/** What a run is judged by: the figures of tables, plots and comparisons, each with its unit and which way is better. */
import { formatBytes, formatMs, formatRate } from '../../kit/format.ts';
import type { RunMetrics } from './experiment.ts';

export interface Figure {
  id: string;
  name: string;
  /** What it means, in a sentence. */
  title: string;
  better: 'lower' | 'higher';
  /** Of the axis of a plot. */
  unit: string;
  read: (metrics: RunMetrics) => number | null;
  show: (value: number) => string;
  /** Stands in the table too; all others can be plotted and compared. */
  column: boolean;
}

/** A mean of bytes need not be whole. */
const bytes = (value: number): string => formatBytes(Math.round(value));
const percent = (value: number): string => `${(100 * value).toFixed(value > 0.995 && value < 1 ? 2 : 1)} %`;

const figure = (
  id: string,
  name: string,
  title: string,
  unit: string,
  better: Figure['better'],
  read: Figure['read'],
  show: Figure['show'],
  column = true,
): Figure => ({ id, name, title, unit, better, read, show, column });

const latency = (id: 'ttft' | 'tpot' | 'itl' | 'e2e', share: 'p50_ms' | 'p95_ms', title: string, column: boolean): Figure =>
  figure(
    `${id}_${share}`,
    `${id.toUpperCase()} ${share.slice(0, 3)}`,
    title,
    'ms',
    'lower',
    ({ serving }) => serving[id]?.[share] ?? null,
    formatMs,
    column,
  );

export const FIGURES: readonly Figure[] = [
  figure(
    'prefill_tokens_per_second',
    'prefill tok/s',
    'Prompt tokens a second, over the steps that did nothing else.',
    'tokens/s',
    'higher',
    ({ prefill_tokens_per_second }) => prefill_tokens_per_second,
    formatRate,
  ),
  figure(
    'decode_tokens_per_second',
    'decode tok/s',
    'Generated tokens a second, over the steps that did nothing else.',
    'tokens/s',
    'higher',
    ({ decode_tokens_per_second }) => decode_tokens_per_second,
    formatRate,
  ),
  latency('ttft', 'p50_ms', 'Time to the first token, from arrival; the median of the requests.', true),
  latency('ttft', 'p95_ms', 'Time to the first token, from arrival; 95 of 100 requests wait less.', false),
  latency('tpot', 'p50_ms', 'Time per token after the first; the median of the requests.', true),
  latency('tpot', 'p95_ms', 'Time per token after the first; 95 of 100 requests take less.', true),
  latency('itl', 'p95_ms', 'Every gap between two tokens of a request; 95 of 100 are shorter.', false),
  latency('e2e', 'p50_ms', 'From arrival to the last token; the median of the requests.', false),
  figure(
    'output_tokens_per_second',
    'output tok/s',
    'Generated tokens a second, over the whole run.',
    'tokens/s',
    'higher',
    ({ serving }) => serving.output_tokens_per_second,
    formatRate,
    false,
  ),
  figure(
    'makespan_ms',
    'makespan',
    'From the first arrival to the last token.',
    'ms',
    'lower',
    ({ serving }) => serving.makespan_ms,
    formatMs,
    false,
  ),
  figure(
    'goodput',
    'goodput',
    'Share of the requests that met every objective given.',
    'share',
    'higher',
    ({ serving }) => serving.goodput?.share ?? null,
    percent,
  ),
  figure(
    'peak_kv_bytes',
    'peak KV',
    'Bytes of keys and values where most blocks were held.',
    'bytes',
    'lower',
    ({ peak_kv_bytes }) => peak_kv_bytes,
    bytes,
  ),
  figure(
    'wasted_kv_bytes',
    'waste',
    'Bytes of the peak that held no token.',
    'bytes',
    'lower',
    ({ wasted_kv_bytes }) => wasted_kv_bytes,
    bytes,
  ),
  figure(
    'waste_share',
    'waste share',
    'Share of the peak that held no token.',
    'share',
    'lower',
    ({ wasted_kv_bytes, peak_kv_bytes }) => (peak_kv_bytes > 0 ? wasted_kv_bytes / peak_kv_bytes : null),
    percent,
    false,
  ),
  figure(
    'bits_per_byte',
    'bits/byte',
    'How well the text is predicted.',
    'bits per byte',
    'lower',
    ({ bits_per_byte }) => bits_per_byte,
    (value) => value.toFixed(4),
  ),
  figure(
    'top_1_agreement',
    'top-1',
    'Positions of the text with the same first choice as the built-in code.',
    'share',
    'higher',
    ({ top_1_agreement }) => top_1_agreement,
    percent,
  ),
  figure(
    'max_abs_logit_difference',
    'max Δlogit',
    'Largest difference of a logit from the built-in code, over the text.',
    'logit',
    'lower',
    ({ max_abs_logit_difference }) => max_abs_logit_difference,
    (value) => (value === 0 ? '0' : value < 0.01 ? value.toExponential(1) : value.toFixed(3)),
  ),
  figure(
    'build_ms',
    'build',
    'Graph and session, where another one was needed.',
    'ms',
    'lower',
    ({ build_ms }) => build_ms,
    (value) => (value === 0 ? 'reused' : formatMs(value)),
    false,
  ),
];

/** Those that at least one run has. */
export const figuresOf = (runs: readonly { metrics: RunMetrics | null }[]): Figure[] =>
  FIGURES.filter(({ read }) => runs.some(({ metrics }) => metrics && read(metrics) !== null));
