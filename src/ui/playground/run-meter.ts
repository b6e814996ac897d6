/** Measures a generation as its reader sees it: time to the first token, time per token, the gaps between tokens. */

/** Tokens over which the current speed is taken. */
const WINDOW = 32;

export interface RunFigures {
  tokens: number;
  ttftMs: number | null;
  /** (latency − TTFT) / (n − 1). */
  tpotMs: number | null;
  tokensPerSecond: number | null;
  itlP50Ms: number | null;
  itlP95Ms: number | null;
}

export class RunMeter {
  readonly #startedAt: number;
  readonly #arrivals: number[] = [];

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  token(at: number): void {
    this.#arrivals.push(at);
  }

  /** Milliseconds between one token and the next. */
  gaps(): number[] {
    return this.#arrivals.slice(1).map((at, index) => at - this.#arrivals[index]!);
  }

  figures(): RunFigures {
    const tokens = this.#arrivals.length;
    const [first] = this.#arrivals;
    const last = this.#arrivals.at(-1);
    if (first === undefined || last === undefined) {
      return { tokens, ttftMs: null, tpotMs: null, tokensPerSecond: null, itlP50Ms: null, itlP95Ms: null };
    }
    const recent = this.#arrivals.slice(-WINDOW - 1);
    const span = last - recent[0]!;
    const gaps = this.gaps().sort((a, b) => a - b);
    return {
      tokens,
      ttftMs: first - this.#startedAt,
      tpotMs: tokens > 1 ? (last - first) / (tokens - 1) : null,
      tokensPerSecond: recent.length > 1 && span > 0 ? ((recent.length - 1) / span) * 1000 : null,
      itlP50Ms: quantile(gaps, 0.5),
      itlP95Ms: quantile(gaps, 0.95),
    };
  }
}

/** Linear interpolation between the nearest ranks of sorted values; null of none. */
export function quantile(sorted: readonly number[], q: number): number | null {
  if (sorted.length === 0) return null;
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low + (high - low) * (place - Math.floor(place));
}

export function formatRate(rate: number | null): string {
  if (rate === null) return '–';
  return rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(3);
}

/** A probability as a reader wants it: `42 %`, `3.1 %`, `0.004 %`, `< 0.001 %`. */
export function formatProbability(logprob: number | null): string {
  if (logprob === null) return '–';
  const percent = 100 * Math.exp(logprob);
  if (percent >= 99.95) return '100 %';
  if (percent >= 10) return `${percent.toFixed(0)} %`;
  if (percent >= 0.1) return `${percent.toFixed(1)} %`;
  return percent >= 0.001 ? `${percent.toFixed(3)} %` : '< 0.001 %';
}
