/** The policy at work on sequences: what it sees of them, the order it gives, and what stands in when patched code fails. */
import { valueText } from '../environment/thrown.ts';
import type { BlockManager } from './block-manager.ts';
import { PatchedCodeError, messageOf } from './errors.ts';
import { policyParameters, type Policy, type PolicySource, type RequestView } from './policy.ts';
import type { Sequence } from './sequence.ts';

export class Ranking {
  onPatchedCodeFailed: (error: PatchedCodeError) => void = () => {};
  readonly #policy: Policy;
  #places = new Map<Sequence, number>();
  #ranks = new Map<Sequence, number>();
  readonly #views = new WeakMap<Sequence, RequestView>();

  /** Throws a `RangeError` for parameters that the policy does not take, a `PatchedCodeError` where it can't be made. */
  constructor(
    readonly source: PolicySource,
    parameters: Readonly<Record<string, number>>,
    private readonly blocks: () => BlockManager,
  ) {
    const values = policyParameters(source, parameters);
    try {
      this.#policy = source.create(values);
    } catch (thrown) {
      throw new PatchedCodeError('scheduler.policy', `Policy ${source.name} can't be made: ${messageOf(thrown)}.`, { cause: thrown });
    }
  }

  arrived(sequence: Sequence, others: readonly Sequence[]): void {
    this.#guarded(() =>
      this.#policy.arrived?.(
        this.#view(sequence),
        others.map((other) => this.#view(other)),
      ),
    );
  }

  served(sequence: Sequence, numTokens: number, isDecode: boolean): void {
    this.#guarded(() =>
      this.#policy.served?.(this.#view(sequence), isDecode ? { prefill: 0, decode: numTokens } : { prefill: numTokens, decode: 0 }),
    );
  }

  /** Ranks all unfinished sequences, for one step. When the policy fails, the order of arrival stands in. */
  refresh(sequences: readonly Sequence[], nowMs: number): void {
    const entries = sequences.map((sequence) => ({ sequence, rank: 0 }));
    const ranked = this.#guarded(() => {
      for (const entry of entries) {
        entry.rank = this.#policy.rank(this.#view(entry.sequence), nowMs);
        if (typeof entry.rank !== 'number' || Number.isNaN(entry.rank)) throw new TypeError(`it gave ${valueText(entry.rank)} as a rank`);
      }
    });
    if (!ranked) for (const entry of entries) entry.rank = 0;
    entries.sort((a, b) =>
      a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.sequence.arrivalOrder - b.sequence.arrivalOrder || a.sequence.index - b.sequence.index,
    );
    this.#places = new Map(entries.map(({ sequence }, place) => [sequence, place]));
    this.#ranks = new Map(entries.map(({ sequence, rank }) => [sequence, rank]));
  }

  /** Whether the policy lets one take the place of the other: by rank alone, since arrival is no claim to it. */
  mayTakePlace(waiting: Sequence, running: Sequence): boolean {
    return this.#policy.preempts === true && this.#ranks.get(waiting)! < this.#ranks.get(running)!;
  }

  /** The sequences in the order of the last refresh, the first to be served first. */
  inOrder(sequences: readonly Sequence[]): Sequence[] {
    return [...sequences].sort((a, b) => this.#places.get(a)! - this.#places.get(b)!);
  }

  #view(sequence: Sequence): RequestView {
    let view = this.#views.get(sequence);
    if (!view) this.#views.set(sequence, (view = new SequenceView(sequence, this.blocks)));
    return view;
  }

  /** Runs patched code; false when it threw. */
  #guarded(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (thrown) {
      this.onPatchedCodeFailed(
        new PatchedCodeError('scheduler.policy', `Policy ${this.source.name} failed: ${messageOf(thrown)}.`, { cause: thrown }),
      );
      return false;
    }
  }
}

/** A sequence as policies may see it: live, and read-only. */
class SequenceView implements RequestView {
  readonly #sequence: Sequence;
  readonly #blocks: () => BlockManager;

  constructor(sequence: Sequence, blocks: () => BlockManager) {
    this.#sequence = sequence;
    this.#blocks = blocks;
  }

  get id(): string {
    return this.#sequence.id;
  }

  get client(): string {
    return this.#sequence.client;
  }

  get priority(): number {
    return this.#sequence.priority;
  }

  get deadlineMs(): number | null {
    return this.#sequence.deadlineMs;
  }

  get arrivalMs(): number {
    return this.#sequence.arrivalMs;
  }

  get arrivalOrder(): number {
    return this.#sequence.arrivalOrder;
  }

  get state(): RequestView['state'] {
    return this.#sequence.state;
  }

  get promptTokens(): number {
    return this.#sequence.promptLength;
  }

  get completionTokens(): number {
    return this.#sequence.numCompletion;
  }

  get maxNewTokens(): number {
    return this.#sequence.maxLength - this.#sequence.promptLength;
  }

  get uncomputedTokens(): number {
    return this.#sequence.numUncomputed;
  }

  get cachedTokens(): number {
    if (this.#sequence.state !== 'waiting') return this.#sequence.cachedTokens;
    const blocks = this.#blocks();
    return blocks.matchPrefix(this.#sequence).length * blocks.blockSize;
  }

  get preemptions(): number {
    return this.#sequence.preemptions;
  }
}
