/** One prompt with everything that was generated from it: starts generations, folds their streams into branches, stops them. */
import type { ActivePatch } from '../kit/code/use-active-patches.ts';
import { ApiError, type StreamEvent } from '../../contract/index.ts';
import type { Client } from '../../client/client.ts';
import { newId } from '../../environment/ids.ts';
import { Observable } from '../../environment/observable.ts';
import { type Branch, type BranchStart, BranchTree, isLive } from './branch.ts';
import { type GenerateInput, generateFields, type Parameters } from './parameters.ts';
import { type Prompt, type PromptSequence, readPrompt, textAfter } from './prompt-sequence.ts';
import type { Alternative, SequenceToken } from './token-span.ts';

export type RunClient = Pick<Client, 'post' | 'delete' | 'stream'>;
/** How long a cancelled stream may take to end by itself before it is cut. */
const STOP_GRACE_MS = 1500;

type GenerateEvent = StreamEvent<'model', 'generate'>;

export class Run {
  readonly tree = new BranchTree();
  readonly startedAt = new Date();
  /** Counts every change. */
  readonly version = new Observable(0);
  prompt: PromptSequence | null = null;
  /** Why `prompt` is missing: without it a run can be neither branched nor inspected. */
  promptError: unknown = null;
  active: Branch;

  readonly #client: RunClient;
  readonly #aborts = new Map<string, AbortController>();
  readonly #promptReady: Promise<PromptSequence>;

  private constructor(
    client: RunClient,
    readonly source: Prompt,
    readonly parameters: Parameters,
    /** The weights it began with: its ids mean nothing to another model. */
    readonly weightsHash: string | undefined,
    /** The patched code it began with: its text is none of the built-in code's. */
    readonly patches: readonly ActivePatch[],
  ) {
    this.#client = client;
    this.#promptReady = this.#readPrompt();
    // `promptError` tells; a branch that needs the prompt meets the rejection itself.
    this.#promptReady.catch(() => undefined);
    const start = this.#newGeneration(parameters);
    this.active = Array.from({ length: parameters.n }, () => this.tree.root(start))[0]!;
    const prompt: GenerateInput = 'text' in source ? { prompt: source.text } : { messages: source.messages };
    void this.#consume({ ...prompt, ...generateFields(parameters), id: start.generationId }, this.tree.branches.slice());
  }

  static start(client: RunClient, source: Prompt, parameters: Parameters, weightsHash?: string, patches: readonly ActivePatch[] = []): Run {
    return new Run(client, source, parameters, weightsHash, patches);
  }

  get live(): boolean {
    return this.tree.branches.some(isLive);
  }

  select(branch: Branch): void {
    this.active = branch;
    this.#changed();
  }

  /** Ids of prompt and branch together; null until the prompt is known. */
  sequence(branch: Branch): SequenceToken[] | null {
    return this.prompt && [...this.prompt.tokens, ...branch.tokens];
  }

  /**
   * Goes on from the token at `index` with another one in its place; the branch it grows from stays as it is.
   * Rejects when the prompt could not be tokenized.
   */
  async branch(from: Branch, index: number, alternative: Alternative, parameters: Parameters): Promise<Branch> {
    const prompt = await this.#promptReady;
    const kept = from.tokens.slice(0, index);
    const prefix = [...prompt.tokens, ...kept].map(({ id }) => id);
    const text = await textAfter(this.#client, prefix, alternative);
    const replaced = from.tokens[index];
    const chosen: SequenceToken = {
      id: alternative.token_id,
      text,
      piece: alternative.token,
      logprob: alternative.logprob,
      top: replaced?.top ?? [],
      chosen: true,
    };
    const start = this.#newGeneration(parameters);
    const branch = this.tree.grow(from, index, chosen, start);
    this.select(branch);
    const input: GenerateInput = {
      ...generateFields({ ...parameters, n: 1 }),
      input_ids: [...prefix, alternative.token_id],
      id: start.generationId,
    };
    void this.#consume(input, [branch]);
    return branch;
  }

  /** Stops every generation of this run; what came before the stop stays. */
  async stop(): Promise<void> {
    const ids = new Set(this.tree.branches.filter(isLive).map(({ generationId }) => generationId));
    await Promise.all([...ids].map((id) => this.#cancel(id)));
  }

  /** Leaves for good: cuts the streams without waiting. */
  dispose(): void {
    for (const abort of this.#aborts.values()) abort.abort();
  }

  async #cancel(id: string): Promise<void> {
    const branches = this.tree.branches.filter((branch) => branch.generationId === id && isLive(branch));
    for (const branch of branches) branch.state = 'stopping';
    this.#changed();
    try {
      const { tokens_saved, blocks_freed } = await this.#client.delete('model', 'generations/{id}', { id });
      for (const branch of branches) {
        branch.tokensSaved = tokens_saved;
        branch.blocksFreed = blocks_freed;
      }
      setTimeout(() => this.#aborts.get(id)?.abort(), STOP_GRACE_MS);
    } catch (error) {
      if (ApiError.from(error).code === 'conflict') {
        // It was finished before the stop came: the rest is on its way, and is shown.
        for (const branch of branches) {
          if (branch.state !== 'stopping') continue;
          branch.state = 'running';
          this.#takeLate(branch);
        }
        return this.#changed();
      }
      this.#aborts.get(id)?.abort();
    }
    for (const branch of branches) if (isLive(branch)) this.#end(branch, 'cancelled');
    this.#changed();
  }

  #newGeneration({ max_new_tokens }: Parameters): BranchStart {
    return { generationId: `playground-${newId()}`, limit: max_new_tokens };
  }

  async #consume(input: GenerateInput, branches: Branch[]): Promise<void> {
    const id = input.id ?? '';
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    try {
      for await (const event of this.#client.stream('model', 'generate', input, { signal: abort.signal })) this.#fold(event, branches);
      for (const branch of branches) if (isLive(branch)) this.#end(branch, 'cancelled');
    } catch (error) {
      const problem = ApiError.from(error);
      for (const branch of branches) {
        if (!isLive(branch)) continue;
        if (problem.code === 'cancelled') this.#end(branch, 'cancelled');
        else Object.assign(branch, { state: 'failed', error: problem });
      }
    } finally {
      this.#aborts.delete(id);
      this.#changed();
    }
  }

  #fold(event: GenerateEvent, branches: Branch[]): void {
    if (event.event === 'token') {
      const { index, token_id, text, elapsed_ms, logprob } = event.data;
      const branch = branches[index];
      if (!branch || branch.state === 'finished') return;
      const token: SequenceToken = {
        id: token_id,
        text,
        piece: logprob?.token ?? null,
        logprob: logprob?.logprob ?? null,
        top: logprob?.top ?? [],
        chosen: false,
      };
      if (branch.state === 'stopping') {
        // The text stands still at once.
        branch.late.push(token);
        return;
      }
      branch.state = 'running';
      branch.meter.token(elapsed_ms);
      branch.tokens.push(token);
      branch.spans.push(token);
    } else {
      for (const choice of event.data.choices) {
        const branch = branches[choice.index];
        if (!branch) continue;
        const { finish_reason: finish } = choice;
        if (finish !== 'cancelled') this.#takeLate(branch);
        branch.result = event.data;
        branch.stopString = choice.stop_string;
        this.#end(branch, finish);
        if (finish !== 'cancelled') this.#flush(branch, choice.text);
      }
    }
    this.#changed();
  }

  #takeLate(branch: Branch): void {
    for (const token of branch.late) {
      branch.tokens.push(token);
      branch.spans.push(token);
    }
    branch.late = [];
  }

  /** Text that the engine held back until the end. */
  #flush(branch: Branch, text: string): void {
    const streamed = branch.tokens
      .slice(branch.given)
      .map((token) => token.text)
      .join('');
    if (text.length > streamed.length && text.startsWith(streamed)) branch.spans.pushText(text.slice(streamed.length));
  }

  #end(branch: Branch, finish: Branch['finish']): void {
    branch.state = 'finished';
    branch.finish = finish;
  }

  async #readPrompt(): Promise<PromptSequence> {
    try {
      const prompt = await readPrompt(this.#client, this.source);
      this.prompt = prompt;
      this.#changed();
      return prompt;
    } catch (error) {
      this.promptError = error;
      this.#changed();
      throw error;
    }
  }

  #changed(): void {
    this.version.set(this.version.get() + 1);
  }
}
