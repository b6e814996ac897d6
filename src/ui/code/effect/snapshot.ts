/** What the model does with a prompt at this moment: logits, captures, best candidates and a short generation with its speed. */
import { type Client, routeAt } from '../../../client/client.ts';
import { type Input, type Output, type StreamEvent, tensorData } from '../../../contract/index.ts';
import { type Captures, HOOK_POINTS } from './bisect.ts';

/** Which parts of the pipeline a resource can change. */
export type Scope = 'logits' | 'text' | 'tokens';

export interface Question {
  prompt: string;
  scope: Scope;
  /** 0: greedy. */
  temperature: number;
  maxNewTokens: number;
}

export interface Written {
  id: number;
  text: string;
}

export type Candidate = NonNullable<Output<'model', 'forward'>['top_k']>[number][number];

export interface Snapshot {
  inputIds: readonly number[];
  promptTokens: readonly string[];
  /** All rows of logits, T × V; null where the scope leaves them out. */
  logits: { values: ArrayLike<number>; width: number } | null;
  captures: Captures;
  top: readonly Candidate[];
  written: readonly Written[];
  tokensPerSecond: number | null;
}

/** Captures grow with the prompt: its end is enough to see a difference. */
const MAX_CAPTURED_TOKENS = 96;

export async function takeSnapshot(client: Client, question: Question, signal: AbortSignal): Promise<Snapshot> {
  // By the port: captures and logits are megabytes, and an abort reaches the worker.
  const direct = client.transport('direct');
  const forward = (input: Input<'model', 'forward'>) =>
    direct.call(routeAt('POST', 'model', 'forward'), input, { signal }) as Promise<Output<'model', 'forward'>>;

  const tokenized = (await direct.call(routeAt('POST', 'tokenizer', 'tokenize'), { text: question.prompt }, { signal })) as {
    input_ids: number[];
    tokens: string[];
  };
  const snapshot: Snapshot = {
    inputIds: tokenized.input_ids,
    promptTokens: tokenized.tokens,
    logits: null,
    captures: {},
    top: [],
    written: [],
    tokensPerSecond: null,
  };

  const input_ids = tokenized.input_ids.slice(-MAX_CAPTURED_TOKENS);
  if (question.scope === 'logits' && input_ids.length > 0) {
    const { state } = (await direct.call(routeAt('GET', 'model', 'info'), {}, { signal })) as Output<'model', 'info'>;
    const capture = state.hook_points.length > 0 ? [...HOOK_POINTS] : [];
    const { logits, captures } = await forward({ input_ids, capture, logits: 'all' });
    if (logits) snapshot.logits = { values: tensorData(logits), width: logits.shape.at(-1) ?? 0 };
    snapshot.captures = Object.fromEntries(Object.entries(captures).map(([name, tensor]) => [name, tensorData(tensor)]));
    snapshot.top = (await forward({ input_ids, logits: 'top_k', top_k: 5 })).top_k?.[0] ?? [];
  }

  return { ...snapshot, ...(await write(client, question, signal)) };
}

/** Runs of which the fastest counts: whatever else the machine does only slows one down. */
const SPEED_RUNS = 3;
/** A run this slow is long enough to be measured once. */
const SLOW_MS = 1500;

/** The first few tokens warm what is built on first use up. */
async function write(client: Client, { prompt, temperature, maxNewTokens }: Question, signal: AbortSignal) {
  const run = async (tokens: number) => {
    const input = { prompt, temperature, seed: 7, max_new_tokens: tokens, stream: true };
    const events = client.transport('direct').stream(routeAt('POST', 'model', 'generate'), input, { signal });
    const written: Written[] = [];
    let tokensPerSecond: number | null = null;
    for await (const { event, data } of events as AsyncIterable<StreamEvent<'model', 'generate'>>) {
      if (event === 'token') written.push({ id: data.token_id, text: data.text });
      else tokensPerSecond = data.timings.tokens_per_second;
    }
    // A cancelled generation ends like any other, with what it has.
    signal.throwIfAborted();
    return { written, tokensPerSecond };
  };
  await run(4);
  const start = performance.now();
  const first = await run(maxNewTokens);
  let fastest = first.tokensPerSecond;
  for (let i = 1; i < SPEED_RUNS && performance.now() - start < SLOW_MS; i++) {
    const { tokensPerSecond } = await run(maxNewTokens);
    if (tokensPerSecond !== null && tokensPerSecond > (fastest ?? 0)) fastest = tokensPerSecond;
  }
  return { written: first.written, tokensPerSecond: fastest };
}
