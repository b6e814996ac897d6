/** What the runner needs of a KV pool beyond what the engine sees: past keys and values as inputs of a run, new ones taken in after it. */
import type { KvForm } from '../../engine/graph/index.ts';
import type { BatchRow, KvPool } from '../../engine/model-runner.ts';
import type { Tensor } from 'onnxruntime-web';

export interface KvStore extends KvPool {
  readonly form: KvForm;
  /** Inputs with the past of these rows, in order. */
  feeds(rows: readonly BatchRow[]): Record<string, Tensor>;
  /** Takes the new tokens' keys and values into the rows' blocks. @param newKv [B * T, L * 2 * Hkv * D] @param numTokens T, the rows' width with padding */
  store(rows: readonly BatchRow[], newKv: Tensor, numTokens: number): void;
  dispose(): void;
}

/** Sizes that follow from the model and the plan. */
export interface KvGeometry {
  numBlocks: number;
  blockSize: number;
  numLayers: number;
  numKvHeads: number;
  headDim: number;
}

/** Numbers of one token: keys and values of all layers. */
export const tokenWidth = ({ numLayers, numKvHeads, headDim }: KvGeometry): number => numLayers * 2 * numKvHeads * headDim;

/** Slots of a row's new tokens, as runs within blocks: `length` tokens from `token` on go to `slot` on. */
export function* newRuns(
  { tokenIds, past, blockTable }: BatchRow,
  blockSize: number,
): Generator<{ token: number; block: number; slot: number; length: number }> {
  if (!blockTable) return;
  for (let token = 0; token < tokenIds.length;) {
    const position = past + token;
    const block = blockTable[Math.floor(position / blockSize)]!;
    const place = position % blockSize;
    const length = Math.min(blockSize - place, tokenIds.length - token);
    yield { token, block, slot: block * blockSize + place, length };
    token += length;
  }
}
