/** A run folds streams into branches, stands still when it is stopped, and goes on from where a person branches. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import { depth, isLive, textOf } from './branch.ts';
import { DEFAULT_PARAMETERS, type GenerateInput } from './parameters.ts';
import { Run, type RunClient } from './run.ts';

const WORDS = ['<s>', 'Once', ' upon', ' a', ' time', ' there', ' was'];
const PARAMETERS = { ...DEFAULT_PARAMETERS, max_new_tokens: 4, logprobs: 2 };

/** An engine that says the words in order, one when it is asked to. */
class FakeEngine {
  readonly inputs: GenerateInput[] = [];
  readonly cancelled: string[] = [];
  failure: ApiError | null = null;
  #release: (() => void)[] = [];

  /** Lets one more token out. */
  step(): Promise<void> {
    this.#release.shift()?.();
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  readonly client = {
    post: (_service: string, path: string, input: { text?: string; input_ids?: number[][] }) => {
      if (path === 'tokenize')
        return Promise.resolve({
          id: 't',
          input_ids: [0, 1],
          tokens: ['<s>', 'Once'],
          attention_mask: [1, 1],
          offsets: [
            [0, 0],
            [0, input.text?.length ?? 0],
          ],
        });
      return Promise.resolve({ text: input.input_ids?.map((ids) => ids.map((id) => WORDS[id]).join('')) });
    },
    delete: (_service: string, _path: string, { id }: { id: string }) => {
      this.cancelled.push(id);
      return Promise.resolve({ id, completion_tokens: 1, tokens_saved: 3, blocks_freed: 2 });
    },
    stream: (_service: string, _path: string, input: GenerateInput) => this.#stream(input),
  } as unknown as RunClient;

  async *#stream(input: GenerateInput) {
    this.inputs.push(input);
    const choices = Array.from({ length: input.n ?? 1 }, (_, index) => ({
      index,
      text: '',
      token_ids: [] as number[],
      finish_reason: 'length',
      stop_string: null,
    }));
    for (let step = 0; step < (input.max_new_tokens ?? 0); step++) {
      await new Promise<void>((resolve) => this.#release.push(resolve));
      if (this.failure) throw this.failure;
      if (this.cancelled.includes(input.id ?? '')) {
        for (const choice of choices) choice.finish_reason = 'cancelled';
        break;
      }
      for (const choice of choices) {
        const id = (2 + step) % WORDS.length;
        const text = WORDS[id]!;
        choice.text += text;
        yield {
          event: 'token',
          data: {
            id: input.id,
            index: choice.index,
            token_id: id,
            text,
            elapsed_ms: 10 * (step + 1),
            logprob: {
              token_id: id,
              token: text,
              logprob: -0.5,
              top: [
                { token_id: id, token: text, logprob: -0.5 },
                { token_id: 6, token: ' was', logprob: -2 },
              ],
            },
          },
        };
      }
    }
    yield {
      event: 'done',
      data: {
        id: input.id,
        model_id: 'm',
        seed: 9,
        choices,
        usage: { prompt_tokens: 2, completion_tokens: 0, cached_tokens: 0 },
        timings: { queued_ms: 0, ttft_ms: 1, tpot_ms: 1, e2e_ms: 5, tokens_per_second: 1 },
      },
    };
  }
}

const begin = async (parameters = PARAMETERS) => {
  const engine = new FakeEngine();
  const run = Run.start(engine.client, { text: 'Once' }, parameters, 'hash');
  await new Promise((resolve) => setTimeout(resolve, 0));
  return { engine, run };
};
const steps = async (engine: FakeEngine, count: number) => {
  for (let index = 0; index < count; index++) await engine.step();
};

describe('Run', () => {
  it('folds the stream into a branch', async () => {
    const { engine, run } = await begin();
    expect(run.prompt?.tokens.map(({ id }) => id)).toEqual([0, 1]);
    expect(run.active.state).toBe('waiting');
    await steps(engine, 1);
    expect(run.active.state).toBe('running');
    await steps(engine, 4);
    expect(textOf(run.active)).toBe(' upon a time there');
    expect(run.active).toMatchObject({ state: 'finished', finish: 'length' });
    expect(run.active.result?.seed).toBe(9);
    expect(run.live).toBe(false);
  });

  it('keeps the samples of one prompt apart', async () => {
    const { engine, run } = await begin({ ...PARAMETERS, n: 3 });
    await steps(engine, 5);
    expect(run.tree.branches.map(({ label }) => label)).toEqual(['1', '2', '3']);
    for (const branch of run.tree.branches) expect(branch.tokens).toHaveLength(4);
  });

  it('stands still at once when stopped, and tells what was saved', async () => {
    const { engine, run } = await begin();
    await steps(engine, 1);
    const stopped = run.stop();
    expect(run.active.state).toBe('stopping');
    await steps(engine, 1);
    await stopped;
    expect(run.active).toMatchObject({ state: 'finished', finish: 'cancelled', tokensSaved: 3, blocksFreed: 2 });
    expect(run.active.tokens).toHaveLength(1);
    expect(engine.cancelled).toEqual([run.active.generationId]);
  });

  it('shows everything when the stop came too late', async () => {
    const { engine, run } = await begin();
    await steps(engine, 2);
    let refuse: (error: ApiError) => void = () => {};
    engine.client.delete = (() => new Promise((_, reject) => (refuse = reject))) as unknown as RunClient['delete'];
    const stopped = run.stop();
    await steps(engine, 1);
    expect(textOf(run.active)).toBe(' upon a');
    refuse(new ApiError('conflict', 'It is finished.'));
    await stopped;
    expect(run.active.state).toBe('running');
    await steps(engine, 2);
    expect(textOf(run.active)).toBe(' upon a time there');
    expect(run.active).toMatchObject({ state: 'finished', finish: 'length', tokensSaved: null });
  });

  it('branches: the prompt, the tokens kept and the token chosen go in as ids', async () => {
    const { engine, run } = await begin();
    await steps(engine, 5);
    const root = run.active;
    const branch = await run.branch(root, 1, { token_id: 6, token: '▁was', logprob: -2 }, PARAMETERS);
    expect(engine.inputs[1]).toMatchObject({ input_ids: [0, 1, 2, 6], n: 1 });
    expect(engine.inputs[1]).not.toHaveProperty('prompt');
    expect(textOf(branch)).toBe(' upon was');
    expect(branch.tokens[1]).toMatchObject({ chosen: true, text: ' was', logprob: -2 });
    expect(run.active).toBe(branch);
    await steps(engine, 5);
    expect(textOf(branch)).toBe(' upon was upon a time there');
    expect(textOf(root)).toBe(' upon a time there');
    const deeper = await run.branch(branch, 0, { token_id: 5, token: ' there', logprob: -3 }, PARAMETERS);
    const sibling = await run.branch(root, 0, { token_id: 4, token: ' time', logprob: -3 }, PARAMETERS);
    expect(run.tree.branches.map(({ label }) => label)).toEqual(['1', '1.1', '1.1.1', '1.2']);
    expect([depth(deeper), depth(sibling)]).toEqual([2, 1]);
    run.dispose();
  });

  it('keeps what came before a failure', async () => {
    const { engine, run } = await begin();
    await steps(engine, 1);
    engine.failure = new ApiError('out_of_blocks', 'No KV blocks are left.');
    await steps(engine, 1);
    expect(run.active.state).toBe('failed');
    expect(run.active.error).toMatchObject({ code: 'out_of_blocks' });
    expect(run.active.tokens).toHaveLength(1);
    expect(run.tree.branches.some(isLive)).toBe(false);
  });
});
