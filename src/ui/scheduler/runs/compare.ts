/** The figures of two runs beside each other: what changed, by how much, and whether that is better. */
import type { Output } from '../../../contract/index.ts';
import type { Verdict } from '../../kit/change.tsx';
import { formatMs } from '../../kit/format.ts';

export type Schedule = Output<'scheduler', 'schedule'>;
type Metrics = Schedule['metrics'];

type Better = 'lower' | 'higher' | null;

interface Figure {
  name: string;
  title: string;
  better: Better;
  read: (metrics: Metrics) => number | null;
  show: (value: number) => string;
}

export interface Row {
  name: string;
  title: string;
  a: string;
  b: string | null;
  /** From a to b, as a share of a; `null` without two figures. */
  change: number | null;
  verdict: Verdict | null;
}

const whole = (value: number) => String(Math.round(value));
const rate = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function latency(name: 'queue_time' | 'ttft' | 'tpot' | 'itl' | 'e2e', label: string, title: string): Figure[] {
  return (['p50_ms', 'p95_ms', 'p99_ms'] as const).map((share) => ({
    ...{ name: `${label} ${share.slice(0, 3)}`, title, better: 'lower' },
    ...{ read: (metrics) => metrics[name]?.[share] ?? null, show: formatMs },
  }));
}

const FIGURES: readonly Figure[] = [
  {
    name: 'makespan',
    title: 'From the first arrival to the last token.',
    better: 'lower',
    read: ({ makespan_ms }) => makespan_ms,
    show: formatMs,
  },
  ...latency('ttft', 'TTFT', 'Time to the first token, from arrival.'),
  ...latency('tpot', 'TPOT', 'Time per token after the first.'),
  ...latency('itl', 'ITL', 'Every gap between two tokens of a request.'),
  ...latency('e2e', 'E2E', 'From arrival to the last token.'),
  ...latency('queue_time', 'queued', 'From arrival to the first step that computes for it.'),
  {
    name: 'output tokens/s',
    title: 'Generated, over the makespan.',
    better: 'higher',
    read: ({ output_tokens_per_second }) => output_tokens_per_second,
    show: rate,
  },
  {
    name: 'requests/s',
    title: 'Finished, over the makespan.',
    better: 'higher',
    read: ({ requests_per_second }) => requests_per_second,
    show: rate,
  },
  {
    name: 'goodput',
    title: 'Share of the requests that met every objective given.',
    better: 'higher',
    read: ({ goodput }) => goodput?.share ?? null,
    show: percent,
  },
  {
    name: 'finished',
    title: 'Requests that ended with all their tokens.',
    better: 'higher',
    read: ({ requests }) => requests.finished,
    show: whole,
  },
  { name: 'refused', title: 'Requests that could never fit.', better: 'lower', read: ({ requests }) => requests.refused, show: whole },
  { name: 'steps', title: 'Steps taken.', better: null, read: ({ steps }) => steps, show: whole },
  { name: 'batch, mean', title: 'Sequences a step.', better: null, read: ({ batch_size }) => batch_size.mean, show: rate },
  {
    name: 'KV use, mean',
    title: 'Share of the pool held by sequences, by time.',
    better: null,
    read: ({ kv_utilization }) => kv_utilization.mean,
    show: percent,
  },
  {
    name: 'prefix hits',
    title: 'Prompt tokens that came from the cache.',
    better: 'higher',
    read: ({ prefix_hit_rate }) => prefix_hit_rate,
    show: percent,
  },
  { name: 'preemptions', title: 'Sequences that had to give way.', better: 'lower', read: ({ preemptions }) => preemptions, show: whole },
  { name: 'swaps', title: 'Sequences swapped out.', better: null, read: ({ swaps }) => swaps, show: whole },
  {
    name: 'fairness',
    title: 'Jain’s index over the clients’ tokens.',
    better: 'higher',
    read: ({ fairness }) => fairness,
    show: (value) => value.toFixed(3),
  },
];

/** Less than this is noise of the clock. */
const SAME = 0.005;

/** The figures that at least one of the two has. */
export function rowsOf(a: Metrics, b: Metrics | null): Row[] {
  return FIGURES.flatMap(({ name, title, better, read, show }): Row[] => {
    const [left, right] = [read(a), b && read(b)];
    if (left === null && right === null) return [];
    const both = left !== null && right !== null;
    const change = both ? (left === 0 ? (right === 0 ? 0 : null) : (right - left) / Math.abs(left)) : null;
    const text = (value: number | null) => (value === null ? '–' : show(value));
    const rose = both ? right - left : 0;
    const same = change !== null && Math.abs(change) < SAME;
    const verdict = !both || better === null ? null : same ? 'same' : rose > 0 === (better === 'higher') ? 'better' : 'worse';
    return [{ name, title, a: text(left), b: b && text(right), change, verdict }];
  });
}

/** What the two were served by, where that differs: `policy: fcfs → sjf`. */
export function settingsThatDiffer(a: Schedule, b: Schedule): { name: string; a: string; b: string }[] {
  const names = [
    'mode',
    'policy',
    'parameters',
    'step_mode',
    'preemption',
    'token_budget',
    'max_num_seqs',
    'chunk_size',
    'memory_strategy',
    'num_blocks',
    'block_size',
    'prefix_caching',
    'seed',
  ] as const;
  const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return names.flatMap((name) => (text(a[name]) === text(b[name]) ? [] : [{ name, a: text(a[name]), b: text(b[name]) }]));
}
