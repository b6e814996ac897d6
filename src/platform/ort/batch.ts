/** Turns rows of a step into runs of the graph, and the graph's padded results back into rows. */
import type { Tensor } from 'onnxruntime-web';
import type { BatchRow, Capture } from '../../engine/model-runner.ts';
import { BatchError } from './errors.ts';
import type { OrtModule } from './ort.ts';

/** Rows that go through the graph together. */
export interface Batch {
  rows: readonly BatchRow[];
  /** Where each row stands in the step. */
  places: readonly number[];
  /** Width: new tokens of each row. */
  numTokens: number;
}

/**
 * Decode rows, of one new token each, make one batch, whatever their pasts; each longer row runs alone, since the fused
 * operator on WASM takes several tokens on top of a past for one sequence only, and prefill fills the machine by itself.
 * Short rows without blocks go apart, so that they do not disturb what is laid out for decode.
 */
export function batches(rows: readonly BatchRow[]): Batch[] {
  const places = rows.map((_, i) => i);
  const isShort = (i: number): boolean => rows[i]!.tokenIds.length === 1;
  const decode = places.filter((i) => isShort(i) && rows[i]!.blockTable);
  const detached = places.filter((i) => isShort(i) && !rows[i]!.blockTable);
  const long = places.filter((i) => !isShort(i)).map((i) => [i]);
  return [decode, detached, ...long]
    .filter((group) => group.length > 0)
    .map((group) => ({ rows: group.map((i) => rows[i]!), places: group, numTokens: rows[group[0]!]!.tokenIds.length }));
}

/** @throws BatchError names the row and what is wrong with it */
export function checkRows(
  rows: readonly BatchRow[],
  limits: { vocabSize: number; maxPositionEmbeddings: number; numBlocks: number; blockSize: number },
): void {
  rows.forEach(({ tokenIds, past, blockTable }, i) => {
    const fail = (message: string): never => {
      throw new BatchError(`Row ${i}: ${message}`);
    };
    const total = past + tokenIds.length;
    if (tokenIds.length === 0) fail('has no new tokens.');
    if (!Number.isInteger(past) || past < 0) fail(`past is ${past}.`);
    if (total > limits.maxPositionEmbeddings)
      fail(`${past} + ${tokenIds.length} tokens exceed the context of ${limits.maxPositionEmbeddings}.`);
    for (let t = 0; t < tokenIds.length; t++) {
      const id = tokenIds[t]!;
      if (!(id >= 0 && id < limits.vocabSize)) fail(`token id ${id} is outside the vocabulary of ${limits.vocabSize}.`);
    }
    if (!blockTable) return past > 0 ? fail('has a past but no blocks.') : undefined;
    const needed = Math.ceil(total / limits.blockSize);
    if (blockTable.length < needed) fail(`${total} tokens need ${needed} blocks, the table has ${blockTable.length}.`);
    for (let b = 0; b < needed; b++)
      if (!(blockTable[b]! >= 0 && blockTable[b]! < limits.numBlocks))
        fail(`block ${blockTable[b]} is outside the pool of ${limits.numBlocks}.`);
  });
}

/** Everything the graph takes besides past keys and values; names as in `buildModelGraph`. */
export function batchFeeds(ort: OrtModule, { rows, numTokens }: Batch): Record<string, Tensor> {
  const size = rows.length;
  const ids = new Int32Array(size * numTokens);
  const positions = new Int32Array(size * numTokens);
  const pastLengths = new Int32Array(size);
  const totalLengths = new Int32Array(size);
  const logitRows: number[] = [];
  rows.forEach(({ tokenIds, past, logits }, i) => {
    const first = i * numTokens;
    ids.set(tokenIds, first);
    for (let t = 0; t < numTokens; t++) positions[first + t] = past + t;
    pastLengths[i] = past;
    totalLengths[i] = past + tokenIds.length;
    const last = first + tokenIds.length - 1;
    for (let row = logits === 'all' ? first : logits === 'last' ? last : last + 1; row <= last; row++) logitRows.push(row);
  });
  const int32 = (data: Int32Array, dims: number[]): Tensor => new ort.Tensor('int32', data, dims);
  return {
    input_ids: int32(ids, [size, numTokens]),
    positions: int32(positions, [size, numTokens]),
    past_lengths: int32(pastLengths, [size]),
    total_lengths: int32(totalLengths, [size]),
    max_total_length: int32(Int32Array.of(totalLengths.reduce((a, b) => Math.max(a, b))), [1]),
    logit_rows: int32(Int32Array.from(logitRows.length > 0 ? logitRows : [0]), [Math.max(logitRows.length, 1)]), // an empty Gemm is none
  };
}

/** Cuts `logits` [N, V] into the rows' parts, views without a copy. */
export function rowLogits(rows: readonly BatchRow[], logits: Float32Array, vocabSize: number): Float32Array[] {
  let from = 0;
  return rows.map(({ tokenIds, logits: wanted }) => {
    const count = wanted === 'all' ? tokenIds.length : wanted === 'last' ? 1 : 0;
    const part = logits.subarray(from * vocabSize, (from + count) * vocabSize);
    from += count;
    return part;
  });
}

/** One row's part of a captured tensor, without padding: [B, H, T, S] → [H, n, n], [B, T, heads, D] → [n, heads, D], [B * T, C] → [n, C]. */
export function rowCapture(name: string, tensor: Tensor, row: number, batch: Batch): Capture {
  const data = tensor.data as Float32Array;
  const { numTokens } = batch;
  const length = batch.rows[row]!.tokenIds.length;
  if (!name.startsWith('attentions.')) {
    const inner = tensor.dims.length === 4 ? tensor.dims.slice(2) : tensor.dims.slice(1);
    const width = inner.reduce((product, dim) => product * dim, 1);
    return { shape: [length, ...inner], data: data.slice(row * numTokens * width, (row * numTokens + length) * width) };
  }
  const [, heads, , keys] = tensor.dims as [number, number, number, number];
  const map = new Float32Array(heads * length * length);
  const skipped = keys - numTokens; // places for a past, of which there is none
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < length; query++) {
      const from = ((row * heads + head) * numTokens + query) * keys + skipped;
      map.set(data.subarray(from, from + length), (head * length + query) * length);
    }
  }
  return { shape: [heads, length, length], data: map };
}
