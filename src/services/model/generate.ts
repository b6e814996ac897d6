/** A generation: the engine's tokens with their text, stop strings and log-probabilities, whole or as a stream. */
import { ApiError, type CallContext, type Output, type ParsedInput, type StreamEvent } from '../../contract/index.ts';
import type { Completion, Engine, Generation, GenerationResult, TokenEvent } from '../../engine/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { randomSeed, shortId } from '../../environment/ids.ts';
import { fromEngine } from '../engine-errors.ts';
import { ChoiceText } from './choice-text.ts';
import { samplingOf } from './sampling-of.ts';
import { checkTokenIds, promptIds } from './prompt.ts';

type Request = ParsedInput<'model', 'generate'>;
type Response = Output<'model', 'generate'>;
type Event = StreamEvent<'model', 'generate'>;
type TokenLogprob = NonNullable<Response['choices'][number]['logprobs']>[number];

export interface GenerateWith {
  engine: Engine;
  tokenizer: Tokenizer;
  modelId: string;
  eosTokenIds: readonly number[];
}

/** Queues the request; what it cannot do is refused at once. */
export function generate(
  request: Request,
  { engine, tokenizer, modelId, eosTokenIds }: GenerateWith,
  context: CallContext,
): Promise<Response> | AsyncIterable<Event> {
  const seed = request.seed ?? randomSeed();
  const stops = { strings: request.stop, tokenIds: new Set(request.stop_token_ids) };
  const ends = new Set(request.ignore_eos ? [] : eosTokenIds);
  const texts = Array.from({ length: request.n }, () => new ChoiceText(tokenizer, stops, request.skip_special_tokens));
  const generation = start();
  context.signal?.addEventListener('abort', () => cancelQuietly(engine, generation), { once: true });
  if (context.signal?.aborted) cancelQuietly(engine, generation);
  return request.stream ? events() : generation.result.then(finish);

  function start(): Generation {
    checkTokenIds(request.stop_token_ids, engine.runner.shape.vocabSize, '/stop_token_ids');
    try {
      return engine.generate({
        id: request.id ?? shortId('gen'),
        promptTokenIds: promptIds(request, tokenizer),
        maxNewTokens: request.max_new_tokens,
        n: request.n,
        eosTokenIds: ends,
        priority: request.priority,
        sampling: {
          ...samplingOf(request),
          seed,
          logprobs: request.logprobs ?? null,
        },
        onToken: ({ index }, tokenId) => (texts[index]!.push(tokenId) ? 'stop' : 'continue'),
      });
    } catch (error) {
      throw fromEngine(error);
    }
  }

  async function* events(): AsyncGenerator<Event> {
    let isDone = false;
    try {
      for await (const event of generation.events) yield { event: 'token', data: tokenData(event) };
      yield { event: 'done', data: finish(await generation.result) };
      isDone = true;
    } finally {
      if (!isDone) cancelQuietly(engine, generation);
    }
  }

  function tokenData(event: TokenEvent): Extract<Event, { event: 'token' }>['data'] {
    const text = texts[event.index]!;
    const isLast = event.finishReason !== null;
    const { id, index, tokenId, position, timeMs, logprob } = event;
    return {
      id,
      index,
      token_id: tokenId,
      text: text.at(position) + (isLast ? text.rest() : ''),
      elapsed_ms: timeMs - generation.arrivalMs,
      ...(logprob && { logprob: describe(logprob) }),
    };
  }

  function finish(result: GenerationResult): Response {
    const { timings } = result;
    context.timings['queue'] = timings.queuedMs ?? 0;
    const failed = result.completions.find(({ finishReason }) => finishReason === 'error');
    if (failed?.superseded) throw new ApiError('conflict', `The generation ended early: ${failed.error} Send it again.`);
    if (failed?.cause) throw fromEngine(failed.cause);
    if (failed) throw new ApiError('internal', `The generation failed: ${failed.error ?? 'no reason was given'}.`);
    const decodeMs = timings.e2eMs - (timings.ttftMs ?? 0);
    return {
      id: result.id,
      model_id: modelId,
      seed,
      choices: result.completions.map(choice),
      usage: { prompt_tokens: result.promptTokens, completion_tokens: result.completionTokens, cached_tokens: result.cachedTokens },
      timings: {
        queued_ms: timings.queuedMs ?? 0,
        ttft_ms: timings.ttftMs ?? 0,
        tpot_ms: timings.tpotMs,
        e2e_ms: timings.e2eMs,
        tokens_per_second:
          result.completionTokens > request.n && decodeMs > 0 ? ((result.completionTokens - request.n) / decodeMs) * 1000 : null,
      },
    };
  }

  function choice({ index, tokenIds, finishReason, logprobs }: Completion): Response['choices'][number] {
    const text = texts[index]!;
    return {
      index,
      text: text.whole(),
      token_ids: tokenIds,
      finish_reason: finishReason,
      stop_string: text.stopString,
      stop_token_id: finishReason === 'stop' && isStopToken(tokenIds.at(-1)) ? tokenIds.at(-1)! : null,
      ...(request.logprobs !== undefined && { logprobs: logprobs.map(describe) }),
    };
  }

  function isStopToken(id: number | undefined): boolean {
    return id !== undefined && (stops.tokenIds.has(id) || ends.has(id));
  }

  function describe({ tokenId, logprob, top }: Completion['logprobs'][number]): TokenLogprob {
    const token = (id: number) => tokenizer.idToToken(id) ?? '';
    return {
      token_id: tokenId,
      token: token(tokenId),
      logprob,
      top: top.map((other) => ({ token_id: other.tokenId, token: token(other.tokenId), logprob: other.logprob })),
    };
  }
}

/** A generation that has ended meanwhile needs no cancel, and its id may be another's. */
function cancelQuietly(engine: Engine, { id, isFinished }: Generation): void {
  if (!isFinished) engine.cancel(id);
}
