/** Workloads drawn from distributions: arrivals by Poisson, gamma or a ramp, or users in a closed loop. The same seed gives the same workload. */
import { randomAt } from '../sampler.ts';
import type { Segment, Workload, WorkloadRequest } from './workload.ts';

type Random = () => number;

/** A number of tokens. */
export type LengthDistribution =
  | { readonly kind: 'fixed'; readonly tokens: number }
  | { readonly kind: 'uniform'; readonly minimum: number; readonly maximum: number }
  /** `sigma` is the standard deviation of the logarithm. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number; readonly maximum: number };

/** Rates are in requests per second. */
export type Arrivals =
  | { readonly kind: 'poisson'; readonly rate: number }
  /** Gaps with this coefficient of variation: 1 is Poisson, more comes in bursts, less is regular. */
  | { readonly kind: 'gamma'; readonly rate: number; readonly variation: number }
  /** The rate goes from `from` to `to` over `durationMs` and stays there. */
  | { readonly kind: 'ramp'; readonly from: number; readonly to: number; readonly durationMs: number }
  | { readonly kind: 'closed_loop'; readonly users: number; readonly thinkMs: number };

export interface WorkloadSpec {
  readonly count: number;
  readonly seed: number;
  readonly arrivals: Arrivals;
  readonly prompt: LengthDistribution;
  readonly output: LengthDistribution;
  /** Every prompt begins with one of `groups` prefixes. */
  readonly sharedPrefix?: { readonly groups: number; readonly tokens: number };
  /** Requests take turns among so many clients; 1 by default. */
  readonly clients?: number;
}

export function generateWorkload(spec: WorkloadSpec): Workload {
  const { count, seed, arrivals, prompt, output, sharedPrefix, clients = 1 } = spec;
  const random = randomAt(seed, 0, 0);
  const times = arrivalTimes(arrivals, count, random);
  const requests = times.map((arrivalMs, i): WorkloadRequest => {
    const own: Segment = { hash: hashOf(seed, i), length: drawLength(prompt, random) };
    const segments = sharedPrefix ? [{ hash: -1 - Math.floor(random() * sharedPrefix.groups), length: sharedPrefix.tokens }, own] : [own];
    return { arrivalMs, segments, outputLength: drawLength(output, random), client: `client ${i % clients}` };
  });
  const closedLoop = arrivals.kind === 'closed_loop' ? { users: arrivals.users, thinkMs: arrivals.thinkMs } : null;
  return { name: arrivals.kind, requests, closedLoop };
}

/** Milliseconds from the start, ascending. */
export function arrivalTimes(arrivals: Arrivals, count: number, random: Random): number[] {
  let timeMs = 0;
  return Array.from({ length: count }, () => {
    switch (arrivals.kind) {
      case 'poisson':
        return (timeMs += (1000 / arrivals.rate) * drawExponential(random));
      case 'gamma': {
        const shape = 1 / arrivals.variation ** 2;
        return (timeMs += (1000 / arrivals.rate / shape) * drawGamma(shape, random));
      }
      case 'ramp':
        return (timeMs = nextOnRamp(arrivals, timeMs, random));
      case 'closed_loop':
        return 0;
    }
  });
}

/** The next arrival when the rate changes linearly: the integral of the rate grows by one exponential draw. */
function nextOnRamp({ from, to, durationMs }: { from: number; to: number; durationMs: number }, timeMs: number, random: Random): number {
  let needed = 1000 * drawExponential(random);
  if (timeMs < durationMs) {
    const slope = (to - from) / durationMs;
    const rate = from + slope * timeMs;
    const untilEnd = ((rate + to) / 2) * (durationMs - timeMs);
    if (needed <= untilEnd) return timeMs + (slope === 0 ? needed / rate : (Math.sqrt(rate * rate + 2 * slope * needed) - rate) / slope);
    needed -= untilEnd;
    timeMs = durationMs;
  }
  return timeMs + needed / to;
}

export function drawLength(distribution: LengthDistribution, random: Random): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.tokens;
    case 'uniform':
      return distribution.minimum + Math.floor(random() * (distribution.maximum - distribution.minimum + 1));
    case 'lognormal':
      return Math.max(
        1,
        Math.min(distribution.maximum, Math.round(distribution.median * Math.exp(distribution.sigma * drawNormal(random)))),
      );
  }
}

function drawExponential(random: Random): number {
  return -Math.log(1 - random());
}

/** Box-Muller. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia and Tsang 2000; mean and variance are `shape`. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function hashOf(seed: number, i: number): number {
  return Math.floor(randomAt(seed, 1, i)() * 2 ** 31);
}
