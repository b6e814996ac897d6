/** What makes a request feasible, checked once, at the door: whatever is let in can end. */
import type { BlockManager } from './block-manager.ts';
import { InfeasibleRequestError } from './errors.ts';
import { GenerationTask, type GenerationRequest } from './generation.ts';
import type { ModelShape } from './model-runner.ts';
import { DEFAULT_SAMPLING, Sequence } from './sequence.ts';

/** Throws an `InfeasibleRequestError` with the numbers. */
export function takeIn(
  request: GenerationRequest,
  id: string,
  arrivalOrder: number,
  nowMs: number,
  shape: ModelShape,
  blocks: BlockManager,
): GenerationTask {
  const { promptTokenIds, maxNewTokens, n = 1, priority = 0, client = 'default', deadlineMs } = request;
  const arrivalMs = Math.min(request.arrivalMs ?? nowMs, nowMs);
  const promptLength = promptTokenIds.length;
  const context = shape.maxPositionEmbeddings;
  if (promptLength < 1) throw new InfeasibleRequestError('empty_prompt', 'The prompt is empty; at least one token is needed.', 1, 0);
  if (!(Number.isInteger(maxNewTokens) && maxNewTokens >= 1))
    throw new InfeasibleRequestError(
      'invalid_parameter',
      `maxNewTokens must be a whole number of at least 1; got ${maxNewTokens}.`,
      1,
      maxNewTokens,
    );
  if (!(Number.isInteger(n) && n >= 1))
    throw new InfeasibleRequestError('invalid_parameter', `n must be a whole number of at least 1; got ${n}.`, 1, n);
  checkTokens(promptTokenIds, shape);
  if (promptLength >= context) {
    throw new InfeasibleRequestError(
      'context_exceeded',
      `The prompt has ${promptLength} tokens; with one more they exceed the context of ${context}.`,
      promptLength + 1,
      context,
    );
  }

  const first = new Sequence({
    id: `${id}/0`,
    requestId: id,
    index: 0,
    tokenIds: promptTokenIds,
    promptLength,
    maxLength: Math.min(promptLength + maxNewTokens, context),
    sampling: { ...DEFAULT_SAMPLING, ...request.sampling },
    eosTokenIds: new Set(request.eosTokenIds),
    priority,
    client,
    deadlineMs: deadlineMs === undefined ? null : arrivalMs + deadlineMs,
    arrivalMs,
    arrivalOrder,
    pendingForks: n - 1,
  });
  checkBlocks(first, blocks.blockSize, blocks.numBlocks);
  return new GenerationTask(first, n, request.onToken);
}

/** Throws when the sequence at its longest needs more blocks than there are. */
export function checkBlocks(sequence: Sequence, blockSize: number, numBlocks: number): void {
  const needed = Math.ceil(sequence.maxKvTokens / blockSize);
  if (needed <= numBlocks) return;
  const message = `${sequence.promptLength} prompt tokens and ${sequence.maxLength - sequence.promptLength} new ones need ${needed} KV blocks of ${blockSize} tokens; the pool has ${numBlocks}.`;
  throw new InfeasibleRequestError('out_of_blocks', message, needed, numBlocks);
}

export function checkTokens(tokenIds: ArrayLike<number>, { vocabSize }: ModelShape): void {
  for (let i = 0; i < tokenIds.length; i++) {
    const tokenId = tokenIds[i]!;
    if (!(Number.isInteger(tokenId) && tokenId >= 0 && tokenId < vocabSize)) {
      throw new InfeasibleRequestError(
        'token_out_of_range',
        `Token ${i} is ${tokenId}; the vocabulary has ids 0 … ${vocabSize - 1}.`,
        tokenId,
        vocabSize - 1,
      );
    }
  }
}
