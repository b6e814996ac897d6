/** A request to generate and the handle on it: its stream of tokens and its result. */
import type { FinishReason, SamplingParams, Sequence, SequenceState, TokenLogprob } from './sequence.ts';

/** Called for each new token, before it is streamed; `stop` ends the sequence with this token. */
export type OnToken = (
  sequence: { readonly id: string; readonly index: number; readonly tokenIds: readonly number[]; readonly promptLength: number },
  tokenId: number,
) => 'continue' | 'stop';

export interface GenerationRequest {
  /** Given out when left out. */
  id?: string | undefined;
  promptTokenIds: ArrayLike<number>;
  maxNewTokens: number;
  /** Over `DEFAULT_SAMPLING`. */
  sampling?: Partial<SamplingParams> | undefined;
  /** Samples of the prompt; they share its blocks copy-on-write. Sample `i` draws from `(seed, i)`. */
  n?: number | undefined;
  /** Leave empty to ignore the end of sequence. The token that ends is part of the completion. */
  eosTokenIds?: Iterable<number> | undefined;
  /** Lower is more urgent, 0 by default. */
  priority?: number | undefined;
  /** When it arrived on the engine's clock, where that was before the call; never later than now. */
  arrivalMs?: number | undefined;
  /** For the `fair` policy. */
  client?: string | undefined;
  /** Milliseconds from arrival in which it should end; for `edf` and goodput, nothing is ended by it. */
  deadlineMs?: number | undefined;
  onToken?: OnToken | undefined;
}

export interface TokenEvent {
  id: string;
  /** Which sample. */
  index: number;
  tokenId: number;
  /** 0 for the first token of the completion. */
  position: number;
  logprob: TokenLogprob | null;
  /** On the engine's clock. */
  timeMs: number;
  /** Set on the last token of a sample, where a token ended it. */
  finishReason: FinishReason | null;
}

export interface Completion {
  index: number;
  tokenIds: number[];
  finishReason: FinishReason;
  /** Why, where `finishReason` is `error`. */
  error: string | null;
  /** What was thrown, where something was. */
  cause: unknown;
  /** Ended since weights or code were replaced under it. */
  superseded: boolean;
  logprobs: TokenLogprob[];
  tokenTimesMs: number[];
}

/** Milliseconds; points in time are on the engine's clock. */
export interface GenerationTimings {
  arrivalMs: number;
  /** `null` where the request never ran, never gave a token, or gave only one. */
  queuedMs: number | null;
  ttftMs: number | null;
  tpotMs: number | null;
  e2eMs: number;
}

export interface GenerationResult {
  id: string;
  completions: Completion[];
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  preemptions: number;
  timings: GenerationTimings;
}

export interface GenerationStatus {
  id: string;
  state: SequenceState;
  priority: number;
  client: string;
  arrivalMs: number;
  /** When it should end, from arrival; `null`: no deadline. */
  deadlineMs: number | null;
  /** `null` until it ends. */
  finishedMs: number | null;
  preemptions: number;
  /** 0 for the first request ever. */
  arrivalOrder: number;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  /** Of each sample. */
  maxNewTokens: number;
  /** Samples. */
  n: number;
  finishReason: FinishReason | null;
  error: string | null;
  sequences: {
    id: string;
    index: number;
    state: SequenceState;
    computedTokens: number;
    completionTokens: number;
    blocks: readonly number[];
  }[];
}

export interface CancelResult {
  id: string;
  completionTokens: number;
  /** Tokens that were still allowed and never computed. */
  tokensSaved: number;
  /** Blocks that no longer belong to anyone. */
  blocksFreed: number;
}

/** The caller's handle. `events` can be read once; it ends, without an error, when the last sample ends. */
export interface Generation {
  readonly id: string;
  /** From then on its id may be another generation's. */
  readonly isFinished: boolean;
  /** On the engine's clock. */
  readonly arrivalMs: number;
  readonly events: AsyncIterable<TokenEvent>;
  /** Resolves when every sample has ended, however it ended. Never rejects. */
  readonly result: Promise<GenerationResult>;
}

/** The engine's side of a generation. */
export class GenerationTask implements Generation {
  readonly id: string;
  readonly arrivalMs: number;
  readonly events: EventStream<TokenEvent>;
  readonly result: Promise<GenerationResult>;
  readonly sequences: Sequence[];
  #resolve!: (result: GenerationResult) => void;
  #isSettled = false;

  constructor(
    first: Sequence,
    /** Samples in all, forked or not. */
    readonly n: number,
    readonly onToken: OnToken | undefined,
  ) {
    this.id = first.requestId;
    this.arrivalMs = first.arrivalMs;
    this.events = new EventStream();
    this.sequences = [first];
    this.result = new Promise((resolve) => (this.#resolve = resolve));
  }

  get first(): Sequence {
    return this.sequences[0]!;
  }

  get isFinished(): boolean {
    return this.sequences.every((sequence) => sequence.state === 'finished');
  }

  get completionTokens(): number {
    return this.sequences.reduce((sum, sequence) => sum + sequence.numCompletion, 0);
  }

  /** Ends stream and result once every sample has ended; true when it did. */
  settle(): boolean {
    if (this.#isSettled || !this.isFinished) return false;
    this.#isSettled = true;
    this.events.end();
    this.#resolve(this.#result());
    return true;
  }

  status(): GenerationStatus {
    const { first } = this;
    const worst = this.sequences.find((sequence) => sequence.finishReason === 'error') ?? first;
    return {
      id: this.id,
      state:
        (['running', 'swapped', 'waiting'] as const).find((state) => this.sequences.some((sequence) => sequence.state === state)) ??
        'finished',
      priority: first.priority,
      client: first.client,
      arrivalMs: first.arrivalMs,
      deadlineMs: first.deadlineMs === null ? null : first.deadlineMs - first.arrivalMs,
      finishedMs: this.isFinished ? Math.max(...this.sequences.map((sequence) => sequence.finishedMs ?? sequence.arrivalMs)) : null,
      preemptions: this.sequences.reduce((sum, sequence) => sum + sequence.preemptions, 0),
      arrivalOrder: first.arrivalOrder,
      promptTokens: first.promptLength,
      completionTokens: this.completionTokens,
      cachedTokens: first.cachedTokens,
      maxNewTokens: first.maxLength - first.promptLength,
      n: this.n,
      finishReason: this.isFinished ? worst.finishReason : null,
      error: worst.error,
      sequences: this.sequences.map((sequence) => ({
        id: sequence.id,
        index: sequence.index,
        state: sequence.state,
        computedTokens: sequence.numComputed,
        completionTokens: sequence.numCompletion,
        blocks: [...sequence.blockTable, ...sequence.reserved],
      })),
    };
  }

  #result(): GenerationResult {
    const { first } = this;
    const completions = Array.from({ length: this.n }, (_, index) => {
      // A sample that never forked ended as the first one did, without a token.
      const sequence = this.sequences.find((candidate) => candidate.index === index);
      return {
        index,
        tokenIds: sequence ? sequence.tokenIds.slice(sequence.promptLength) : [],
        finishReason: (sequence ?? first).finishReason ?? 'error',
        error: (sequence ?? first).error,
        cause: (sequence ?? first).cause,
        superseded: (sequence ?? first).superseded,
        logprobs: sequence?.logprobs ?? [],
        tokenTimesMs: sequence?.tokenTimesMs ?? [],
      };
    });
    const firstTokenMs = Math.min(...completions.map((completion) => completion.tokenTimesMs[0] ?? Infinity));
    const times = completions.flatMap(({ tokenTimesMs }) =>
      tokenTimesMs.length > 1 ? [(tokenTimesMs.at(-1)! - tokenTimesMs[0]!) / (tokenTimesMs.length - 1)] : [],
    );
    return {
      id: this.id,
      completions,
      promptTokens: first.promptLength,
      completionTokens: this.completionTokens,
      cachedTokens: first.cachedTokens,
      preemptions: this.sequences.reduce((sum, sequence) => sum + sequence.preemptions, 0),
      timings: {
        arrivalMs: first.arrivalMs,
        queuedMs: first.firstScheduledMs === null ? null : first.firstScheduledMs - first.arrivalMs,
        ttftMs: Number.isFinite(firstTokenMs) ? firstTokenMs - first.arrivalMs : null,
        tpotMs: times.length > 0 ? times.reduce((sum, time) => sum + time, 0) / times.length : null,
        e2eMs: Math.max(...this.sequences.map((sequence) => sequence.finishedMs ?? sequence.arrivalMs)) - first.arrivalMs,
      },
    };
  }
}

/** An unbounded queue that one reader drains as an async iterable. */
export class EventStream<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #hasEnded = false;
  #wake: (() => void) | null = null;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const items = this.#items;
      this.#items = [];
      yield* items;
      if (this.#items.length > 0) continue;
      if (this.#hasEnded) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
  }
}
