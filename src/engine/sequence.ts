/** One sequence of tokens on its way through the engine: what it is, how far it is, and which blocks it holds. */

export type SequenceState = 'waiting' | 'running' | 'swapped' | 'finished';
/** `stop`: an end-of-sequence token or the token hook; `length`: `maxNewTokens` or the end of the context. */
export type FinishReason = 'stop' | 'length' | 'cancelled' | 'error';

export interface SamplingParams {
  /** 0 is greedy. */
  temperature: number;
  /** Keep the k best; 0 keeps all. */
  topK: number;
  /** Keep the smallest set of best tokens that holds this much probability. */
  topP: number;
  /** Drop tokens less probable than this share of the best one's probability. */
  minP: number;
  repetitionPenalty: number;
  seed: number;
  /** Alternatives to report with each token's log-probability; `null` reports none. */
  logprobs: number | null;
}

export const DEFAULT_SAMPLING: Readonly<SamplingParams> = {
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
  logprobs: null,
};

/** Log-probability of a token under the raw logits, before temperature and filters. */
export interface TokenLogprob {
  tokenId: number;
  logprob: number;
  /** The most probable tokens, best first. */
  top: readonly { tokenId: number; logprob: number }[];
}

export interface SequenceOptions {
  id: string;
  requestId: string;
  /** Which of the request's samples this is. */
  index: number;
  tokenIds: ArrayLike<number>;
  promptLength: number;
  /** Prompt and completion together never exceed this. */
  maxLength: number;
  sampling: Readonly<SamplingParams>;
  eosTokenIds: ReadonlySet<number>;
  priority: number;
  client: string;
  /** On the engine's clock; `null`: none. */
  deadlineMs: number | null;
  arrivalMs: number;
  arrivalOrder: number;
  /** Samples that fork from this sequence when its prompt is computed. */
  pendingForks: number;
}

const TRANSITIONS: Readonly<Record<SequenceState, readonly SequenceState[]>> = {
  waiting: ['running', 'finished'],
  running: ['waiting', 'swapped', 'finished'],
  swapped: ['running', 'waiting', 'finished'],
  finished: [],
};

export class Sequence {
  readonly id: string;
  readonly requestId: string;
  readonly index: number;
  readonly promptLength: number;
  readonly maxLength: number;
  readonly sampling: Readonly<SamplingParams>;
  readonly eosTokenIds: ReadonlySet<number>;
  readonly priority: number;
  readonly client: string;
  readonly deadlineMs: number | null;
  readonly arrivalMs: number;
  readonly arrivalOrder: number;

  /** Prompt, then completion. */
  readonly tokenIds: number[];
  /** When each completion token came, on the engine's clock. */
  readonly tokenTimesMs: number[] = [];
  readonly logprobs: TokenLogprob[] = [];
  /** Leading tokens whose keys and values lie in the blocks of the table. */
  numComputed = 0;
  /** Physical blocks in order; owned by the block manager. */
  blockTable: number[] = [];
  /** Blocks held beyond the table by the strategies that reserve ahead. */
  reserved: number[] = [];
  /** Prompt tokens whose keys and values came from the prefix cache at the first admission. */
  cachedTokens = 0;
  pendingForks: number;
  preemptions = 0;
  /** Failed runs since the last token. */
  failures = 0;
  /** Took part in a failed run: is run alone until a run passes. */
  suspect = false;
  firstScheduledMs: number | null = null;
  finishedMs: number | null = null;
  finishReason: FinishReason | null = null;
  /** Why it ended with `error`. */
  error: string | null = null;
  /** What was thrown, where something was. */
  cause: unknown = null;
  /** Ended since weights or code were replaced under it: nothing failed, and the same request can be sent again. */
  superseded = false;

  #state: SequenceState = 'waiting';

  constructor(options: SequenceOptions) {
    this.id = options.id;
    this.requestId = options.requestId;
    this.index = options.index;
    this.tokenIds = Array.from(options.tokenIds);
    this.promptLength = options.promptLength;
    this.maxLength = options.maxLength;
    this.sampling = options.sampling;
    this.eosTokenIds = options.eosTokenIds;
    this.priority = options.priority;
    this.client = options.client;
    this.deadlineMs = options.deadlineMs;
    this.arrivalMs = options.arrivalMs;
    this.arrivalOrder = options.arrivalOrder;
    this.pendingForks = options.pendingForks;
  }

  get state(): SequenceState {
    return this.#state;
  }

  /** Moves to another state; throws where the life of a sequence has no such step. */
  moveTo(state: SequenceState): void {
    if (!TRANSITIONS[this.#state].includes(state)) throw new Error(`Sequence ${this.id} cannot go from ${this.#state} to ${state}.`);
    this.#state = state;
  }

  get length(): number {
    return this.tokenIds.length;
  }

  get numCompletion(): number {
    return this.tokenIds.length - this.promptLength;
  }

  /** Tokens without keys and values yet: more than one while prefilling, one while decoding. */
  get numUncomputed(): number {
    return this.tokenIds.length - this.numComputed;
  }

  /** Every token but the last has its keys and values, and at least one was generated or the prompt is one short of done. */
  get isDecoding(): boolean {
    return this.numCompletion > 0 && this.numUncomputed === 1;
  }

  /** Tokens whose keys and values this sequence can need at most: the last generated one needs none. */
  get maxKvTokens(): number {
    return Math.max(this.maxLength - 1, this.promptLength);
  }

  /** Samples of the request that this sequence stands for until they fork. */
  get seats(): number {
    return 1 + this.pendingForks;
  }

  get hasFinished(): boolean {
    return this.#state === 'finished';
  }

  append(tokenId: number, timeMs: number, logprob: TokenLogprob | null): void {
    this.tokenIds.push(tokenId);
    this.tokenTimesMs.push(timeMs);
    if (logprob) this.logprobs.push(logprob);
    this.failures = 0;
  }

  /** Another sample of the same prompt; the caller shares the blocks. */
  fork(index: number): Sequence {
    const child = new Sequence({ ...this, id: `${this.requestId}/${index}`, index, pendingForks: 0 });
    child.cachedTokens = this.cachedTokens;
    child.firstScheduledMs = this.firstScheduledMs;
    return child;
  }
}
