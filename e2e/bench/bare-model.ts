/** The bare runtime: our own graph of a model in a loop of `session.run`, with nothing kept, sampled or scheduled. In Node and in the browser. */
import type * as Ort from 'onnxruntime-web';
import { buildModelGraph, parseConfig, verifyWeights } from '../../src/engine/graph/index.ts';
import type { WeightTensor } from '../../src/engine/weights.ts';
import { builtinFragments } from '../../src/patchable/model/index.ts';
import { weightBuffers } from '../../src/platform/ort/weight-buffers.ts';
import { parseSafetensors } from '../../src/platform/weights/safetensors.ts';

type Runtime = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

export interface BareModel {
  /** Milliseconds for a prompt of so many tokens. */
  prefill(numTokens: number): Promise<number>;
  /** Milliseconds for so many single tokens on top of `past`, in each sequence of the batch. */
  decode(past: number, numTokens: number, batch?: number): Promise<number>;
}

/** Past keys and values come in whole blocks, as the engine gives them. */
const BLOCK_SIZE = 16;

/** @param config of config.json @param safetensors the one file of weights */
export async function openBareModel(
  { InferenceSession, Tensor }: Runtime,
  options: Ort.InferenceSession.SessionOptions,
  config: Record<string, unknown>,
  safetensors: Uint8Array,
): Promise<BareModel> {
  const parsed = parseConfig(config);
  const { numLayers, numKvHeads, headDim } = parsed;
  const tensors: Map<string, WeightTensor> = parseSafetensors(safetensors, 'model.safetensors');
  const { index, externalData } = weightBuffers(verifyWeights(parsed, tensors).tensors, 'float32');
  const { bytes } = buildModelGraph(parsed, index, { fragments: builtinFragments('wasm'), kv: { kind: 'contiguous' } });
  const session = await InferenceSession.create(bytes, { ...options, externalData, logSeverityLevel: 3 });
  const int32 = (values: number[], dims: number[]) => new Tensor('int32', Int32Array.from(values), dims);

  async function run(batch: number, past: number, numTokens: number): Promise<void> {
    const total = past + numTokens;
    const places = past === 0 ? 0 : Math.ceil(total / BLOCK_SIZE) * BLOCK_SIZE;
    const rows = Array.from({ length: batch }, (_, row) => row);
    const positions = rows.flatMap(() => Array.from({ length: numTokens }, (_, i) => past + i));
    const ids = positions.map((position) => 1 + (position % 100));
    const last = rows.map((row) => (row + 1) * numTokens - 1);
    const feeds: Record<string, Ort.Tensor> = {
      input_ids: int32(ids, [batch, numTokens]),
      positions: int32(positions, [batch, numTokens]),
      past_lengths: int32(
        rows.map(() => past),
        [batch],
      ),
      total_lengths: int32(
        rows.map(() => total),
        [batch],
      ),
      max_total_length: int32([total], [1]),
      logit_rows: int32(last, [batch]),
      ...pastOf(batch, places),
    };
    const outputs = await session.run(feeds, ['logits', 'new_kv']);
    outputs['new_kv']!.dispose();
  }

  /** Zeros; made once for each shape. [B, Hkv, P, D] */
  const pasts = new Map<string, Record<string, Ort.Tensor>>();
  function pastOf(batch: number, places: number): Record<string, Ort.Tensor> {
    const shape = [batch, numKvHeads, places, headDim];
    let past = pasts.get(shape.join());
    if (!past) {
      past = {};
      for (let layer = 0; layer < numLayers; layer++) {
        for (const name of ['past_key', 'past_value'])
          past[`${name}.${layer}`] = new Tensor('float32', new Float32Array(batch * numKvHeads * places * headDim), shape);
      }
      pasts.set(shape.join(), past);
    }
    return past;
  }

  async function timed(work: () => Promise<void>): Promise<number> {
    const start = performance.now();
    await work();
    return performance.now() - start;
  }
  return {
    prefill: (numTokens) => timed(() => run(1, 0, numTokens)),
    decode: (past, numTokens, batch = 1) =>
      timed(async () => {
        for (let i = 0; i < numTokens; i++) await run(batch, past + i, 1);
      }),
  };
}
