/** The engine's steps as they come, kept as a bounded row with the queue beside it. */
import type { Output } from '../../contract/index.ts';
import type { Step } from './timeline.ts';

export type Queue = Output<'scheduler', 'queue'>;
export type QueuedRequest = Queue['waiting'][number];

/** Steps kept on the page. */
const KEPT = 1200;

export class StepFeed {
  #steps: readonly Step[] = [];

  /** What to ask after. */
  get lastStep(): number {
    return this.#steps.at(-1)?.step ?? 0;
  }

  /** The same row as before when nothing came. An engine that counts anew begins a new row. */
  take({ step, steps }: Pick<Queue, 'step' | 'steps'>): readonly Step[] {
    if (step < this.lastStep) this.#steps = [];
    const fresh = steps.filter((each) => each.step > this.lastStep);
    if (fresh.length > 0 || step === 0) this.#steps = [...this.#steps, ...fresh].slice(-KEPT);
    return this.#steps;
  }

  clear(): void {
    this.#steps = [];
  }
}

export interface Latencies {
  ttftMs: number;
  /** Per token after the first; `null` with one token. */
  tpotMs: number | null;
}

/** From the steps of requests that ended: their end is a step's, and their age then tells when they arrived. */
export function latenciesOf(
  steps: readonly Step[],
  finished: readonly Pick<QueuedRequest, 'request_id' | 'age_ms' | 'finish_reason'>[],
): Latencies[] {
  const seen = new Map<
    string,
    { firstToken: number | null; lastPrefill: number; decodes: number; last: number; begun: boolean; ended: boolean }
  >();
  for (const { decisions, end_ms } of steps) {
    for (const { request_id, action, index } of decisions) {
      const at = seen.get(request_id) ?? { firstToken: null, lastPrefill: 0, decodes: 0, last: 0, begun: false, ended: false };
      seen.set(request_id, at);
      if (action === 'admit') at.begun = true;
      if ((action === 'admit' || action === 'chunk') && at.firstToken === null) at.lastPrefill = end_ms;
      if (action === 'decode') {
        at.firstToken ??= at.lastPrefill;
        at.last = end_ms;
        if (index === 0) at.decodes++;
      }
      if (action === 'finish') at.ended = true;
      if (action === 'finish' && at.last < end_ms) at.last = end_ms;
    }
  }
  return finished.flatMap(({ request_id, age_ms, finish_reason }) => {
    const at = seen.get(request_id);
    // Of one whose beginning is no longer kept nothing can be told.
    if (!at?.begun || !at.ended || finish_reason === 'error') return [];
    const arrival = at.last - age_ms;
    const first = at.firstToken ?? at.lastPrefill;
    return [{ ttftMs: Math.max(0, first - arrival), tpotMs: at.decodes > 0 ? (at.last - first) / at.decodes : null }];
  });
}

/** Tokens per second over the steps of the last `windowMs`; `null` when there were none. */
export function tokensPerSecond(steps: readonly Step[], windowMs: number): { prefill: number; decode: number } | null {
  const last = steps.at(-1);
  if (!last) return null;
  const within = steps.filter(({ start_ms }) => start_ms >= last.end_ms - windowMs);
  const seconds = (last.end_ms - (within[0]?.start_ms ?? last.start_ms)) / 1000;
  if (seconds <= 0) return null;
  const sum = (read: (step: Step) => number) => within.reduce((total, step) => total + read(step), 0) / seconds;
  return { prefill: sum(({ features }) => features.prefill_tokens), decode: sum(({ features }) => features.decode_tokens) };
}

/** By linear interpolation between ranks, as the metrics of the contract. */
export function percentile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
