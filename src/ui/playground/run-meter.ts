/** Figures of one sample from the engine's time of each token: all by one clock, so that the mean of the gaps is the time per token. */

/** Tokens over which the current speed is taken. */
const WINDOW = 32;

export interface RunFigures {
  tokens: number;
  ttftMs: number | null;
  /** (latency − TTFT) / (n − 1), which is the mean of the gaps. */
  tpotMs: number | null;
  /** The inverse of TPOT. */
  tokensPerSecond: number | null;
  /** Over the last tokens. */
  currentTokensPerSecond: number | null;
  itlP50Ms: number | null;
  itlP95Ms: number | null;
}

export class RunMeter {
  readonly #times: number[] = [];

  /** @param elapsedMs since the request arrived */
  token(elapsedMs: number): void {
    this.#times.push(elapsedMs);
  }

  /** Milliseconds between one token and the next. */
  gaps(): number[] {
    return this.#times.slice(1).map((at, index) => at - this.#times[index]!);
  }

  figures(): RunFigures {
    const tokens = this.#times.length;
    const [first] = this.#times;
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined) {
      return { tokens, ttftMs: null, tpotMs: null, tokensPerSecond: null, currentTokensPerSecond: null, itlP50Ms: null, itlP95Ms: null };
    }
    const recent = this.#times.slice(-WINDOW - 1);
    const span = last - recent[0]!;
    const gaps = this.gaps().sort((a, b) => a - b);
    return {
      tokens,
      ttftMs: first,
      tpotMs: tokens > 1 ? (last - first) / (tokens - 1) : null,
      tokensPerSecond: last > first ? ((tokens - 1) / (last - first)) * 1000 : null,
      currentTokensPerSecond: recent.length > 1 && span > 0 ? ((recent.length - 1) / span) * 1000 : null,
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
