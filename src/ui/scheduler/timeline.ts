/** Steps as lanes: for each request what it did in which step, and why; the model behind the timeline, the stepper and the comparison. */
import type { Output } from '../../contract/index.ts';

export type Step = Output<'scheduler', 'queue'>['steps'][number];
export type Decision = Step['decisions'][number];
export type Phase = 'waiting' | 'prefill' | 'decode' | 'swapped';

/** Steps in a row in which a request did the same. */
export interface Span {
  phase: Phase;
  /** Places in `steps`, both within. */
  first: number;
  last: number;
}

export interface Lane {
  requestId: string;
  spans: Span[];
  /** By place in `steps`. */
  decisions: Map<number, Decision[]>;
  /** Of the step in which it ended, and how. */
  end: { at: number; action: 'finish' | 'refuse' } | null;
  /** On the clock of the steps, where it is known. */
  arrivalMs: number | null;
}

export interface Timeline {
  steps: readonly Step[];
  lanes: Lane[];
  startMs: number;
  endMs: number;
}

/** What shows when samples of one request do different things in a step. */
const RANK: readonly Phase[] = ['prefill', 'decode', 'swapped', 'waiting'];

/** @param arrivals when requests arrived, for those known; they also come first, in this order */
export function timelineOf(steps: readonly Step[], arrivals: ReadonlyMap<string, number> = new Map()): Timeline {
  const lanes = new Map<string, Lane>();
  const laneOf = (requestId: string): Lane => {
    const known = lanes.get(requestId);
    if (known) return known;
    const lane: Lane = { requestId, spans: [], decisions: new Map(), end: null, arrivalMs: arrivals.get(requestId) ?? null };
    lanes.set(requestId, lane);
    return lane;
  };
  for (const requestId of arrivals.keys()) laneOf(requestId);
  /** Samples that are below the pool, by request and index. */
  const swapped = new Set<string>();

  steps.forEach(({ decisions }, at) => {
    const phases = new Map<Lane, Phase>();
    for (const decision of decisions) {
      const lane = laneOf(decision.request_id);
      const here = lane.decisions.get(at);
      if (here) here.push(decision);
      else lane.decisions.set(at, [decision]);
      if (decision.action === 'finish' || decision.action === 'refuse') lane.end = { at, action: decision.action };
      const phase = phaseOf(decision, swapped);
      const other = phases.get(lane);
      if (phase && (other === undefined || RANK.indexOf(phase) < RANK.indexOf(other))) phases.set(lane, phase);
    }
    for (const [lane, phase] of phases) {
      // Only one of its samples had ended.
      if (lane.end && lane.end.at < at) lane.end = null;
      const span = lane.spans.at(-1);
      if (span && span.phase === phase && span.last === at - 1) span.last = at;
      else lane.spans.push({ phase, first: at, last: at });
    }
  });

  const moments = [...(steps[0] ? [steps[0].start_ms] : []), ...[...arrivals.values()].slice(0, 1)];
  return {
    steps,
    lanes: [...lanes.values()],
    startMs: moments.length > 0 ? Math.min(...moments) : 0,
    endMs: steps.at(-1)?.end_ms ?? moments[0] ?? 0,
  };
}

/** `null`: the decision is about an end. Keeps track of who was swapped out. */
function phaseOf({ action, tokens, request_id, index }: Decision, swapped: Set<string>): Phase | null {
  const key = `${request_id}/${index}`;
  switch (action) {
    case 'admit':
    case 'chunk':
      return 'prefill';
    case 'decode':
      return 'decode';
    case 'swap_in':
      swapped.delete(key);
      return tokens > 1 ? 'prefill' : 'decode';
    case 'swap_out':
      swapped.add(key);
      return 'swapped';
    case 'preempt':
      swapped.delete(key);
      return 'waiting';
    case 'wait':
      return swapped.has(key) ? 'swapped' : 'waiting';
    default:
      swapped.delete(key);
      return null;
  }
}

/** What a lane does in a step; `null`: it is not there, or has ended. */
export function phaseAt({ spans }: Lane, at: number): Phase | null {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle]!;
    if (at < span.first) high = middle - 1;
    else if (at > span.last) low = middle + 1;
    else return span.phase;
  }
  return null;
}

/** The last step that began by then; −1 before the first. */
export function stepAt(steps: readonly Step[], ms: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.start_ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export type Standing = Phase | 'to_come' | 'finished' | 'refused';

/** Where every request stands in a step, for stepping through. */
export function standings({ lanes, steps }: Timeline, at: number): Map<string, Standing> {
  const step = steps[at];
  return new Map(
    lanes.map((lane) => {
      const phase = phaseAt(lane, at);
      if (lane.end && lane.end.at <= at && !(lane.end.at === at && phase))
        return [lane.requestId, lane.end.action === 'finish' ? 'finished' : 'refused'];
      if (phase) return [lane.requestId, phase];
      const first = lane.spans[0]?.first ?? lane.end?.at ?? Infinity;
      const arrived = step && lane.arrivalMs !== null && lane.arrivalMs <= step.start_ms;
      if (at < first) return [lane.requestId, arrived ? 'waiting' : 'to_come'];
      const last = lane.spans.findLast((span) => span.last < at);
      return [lane.requestId, last?.phase ?? 'waiting'];
    }),
  );
}

/** The lanes that have something to show between two steps, for a view that follows the engine. */
export function lanesWithin({ lanes }: Timeline, first: number, last: number): Lane[] {
  return lanes.filter(({ spans }) => spans.some((span) => span.last >= first && span.first <= last));
}
