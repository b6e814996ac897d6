/** Ready-made ONNX language models, as the hub exports them: opaque, with no fragments to patch, yet served by the same engine. */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { BatchRow, ModelRunner, ModelShape, RunOptions, RunResult } from '../../engine/model-runner.ts';
import type { OpaqueGraph } from '../../engine/weights.ts';
import { checkRows, rowLogits } from '../ort/batch.ts';
import { BatchError, RuntimeError } from '../ort/errors.ts';
import { Mutex } from '../ort/mutex.ts';
import { loadOrt, type OrtModule, type Provider } from '../ort/ort.ts';
import { WeightsError } from '../weights/errors.ts';
import { OpaqueBlockPool } from './block-pool.ts';

export interface OnnxRunnerOptions {
  graph: OpaqueGraph;
  config: Readonly<Record<string, unknown>>;
  provider: Provider;
  blockSize: number;
  /** How many blocks of so many bytes the pool may have. */
  numBlocks: (blockBytes: number, maxPositionEmbeddings: number) => number;
}

const PAST = /^past_key_values\.(\d+)\.(key|value)$/;

/**
 * Opens a decoder in the layout of Hugging Face's exporters: `input_ids`, `attention_mask`, `position_ids`, `past_key_values.N.key|value`
 * [B, Hkv, P, D] in; `logits` and `present.N.key|value` out. Rows run one by one: exports differ in how they take ragged batches.
 * @throws WeightsError when the graph has other inputs than these
 */
export async function createOnnxRunner({ graph, config, provider, blockSize, numBlocks }: OnnxRunnerOptions): Promise<ModelRunner> {
  const ort = await loadOrt(provider);
  const session = await openSession(ort, graph, provider);
  const shape = shapeOf(session, graph.file, config);
  const { numLayers, numKvHeads, headDim, maxPositionEmbeddings } = shape;
  const blockBytes = 2 * numLayers * numKvHeads * blockSize * headDim * 4;
  const pool = new OpaqueBlockPool({ numBlocks: numBlocks(blockBytes, maxPositionEmbeddings), blockSize, numLayers, numKvHeads, headDim });
  return new OnnxRunner(ort, session, shape, pool);
}

class OnnxRunner implements ModelRunner {
  readonly #mutex = new Mutex();
  /** Older exports count positions themselves. */
  readonly #takesPositions: boolean;

  constructor(
    private readonly ort: OrtModule,
    private readonly session: InferenceSession,
    readonly shape: ModelShape,
    readonly pool: OpaqueBlockPool,
  ) {
    this.#takesPositions = session.inputNames.includes('position_ids');
  }

  run(rows: readonly BatchRow[], { capture = [] }: RunOptions = {}): Promise<RunResult> {
    return this.#mutex.run(async () => {
      if (capture.length > 0) throw new BatchError('An opaque ONNX model has nothing to capture.');
      checkRows(rows, { ...this.shape, numBlocks: this.pool.numBlocks, blockSize: this.pool.blockSize });
      const result: RunResult = { logits: [], captures: [], runMs: 0 };
      for (const row of rows) {
        const start = performance.now();
        const outputs = await this.#runSession(this.#feeds(row));
        result.runMs += performance.now() - start;
        result.logits.push(this.#logits(row, outputs['logits']!));
        result.captures.push(new Map());
        if (row.blockTable) this.pool.store(row, this.#presents(outputs));
      }
      return result;
    });
  }

  async dispose(): Promise<void> {
    await this.#mutex.run(() => this.session.release());
  }

  #feeds(row: BatchRow): Record<string, Tensor> {
    const { ort } = this;
    const { numKvHeads, headDim } = this.shape;
    const { tokenIds, past } = row;
    const length = tokenIds.length;
    const int64 = (size: number, value: (i: number) => number) =>
      new ort.Tensor(
        'int64',
        BigInt64Array.from({ length: size }, (_, i) => BigInt(value(i))),
        [1, size],
      );
    const feeds: Record<string, Tensor> = {
      input_ids: int64(length, (i) => tokenIds[i]!),
      attention_mask: int64(past + length, () => 1),
      ...(this.#takesPositions && { position_ids: int64(length, (i) => past + i) }),
    };
    this.pool.past(row).forEach((data, part) => {
      feeds[`past_key_values.${part >> 1}.${part % 2 === 0 ? 'key' : 'value'}`] = new ort.Tensor('float32', data, [
        1,
        numKvHeads,
        past,
        headDim,
      ]);
    });
    return feeds;
  }

  async #runSession(feeds: Record<string, Tensor>): Promise<InferenceSession.ReturnType> {
    try {
      return await this.session.run(feeds);
    } catch (error) {
      throw new RuntimeError(`The runtime failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** The graph gives logits of every token, [1, T, V]. */
  #logits(row: BatchRow, logits: Tensor): Float32Array {
    const { vocabSize } = this.shape;
    const data = logits.data as Float32Array;
    if (row.logits === 'last') return data.slice((row.tokenIds.length - 1) * vocabSize);
    return rowLogits([row], data, vocabSize)[0]!;
  }

  #presents(outputs: InferenceSession.ReturnType): Float32Array[] {
    return Array.from(
      { length: 2 * this.shape.numLayers },
      (_, part) => outputs[`present.${part >> 1}.${part % 2 === 0 ? 'key' : 'value'}`]!.data as Float32Array,
    );
  }
}

async function openSession(ort: OrtModule, { file, bytes, externalData }: OpaqueGraph, provider: Provider): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: [provider],
      ...(externalData && { externalData: [externalData] }),
    });
  } catch (error) {
    throw new WeightsError(file, `the runtime can't open it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Sizes from the graph's own inputs; vocabulary and context from config.json. */
function shapeOf(session: InferenceSession, file: string, config: Readonly<Record<string, unknown>>): ModelShape {
  const pasts = session.inputMetadata.filter(({ name }) => PAST.test(name));
  const first = pasts[0];
  const known = (name: string) => PAST.test(name) || ['input_ids', 'attention_mask', 'position_ids'].includes(name);
  const strange = session.inputNames.filter((name) => !known(name));
  if (!first || !first.isTensor || strange.length > 0 || !session.inputNames.includes('attention_mask')) {
    const got = session.inputNames.slice(0, 6).join(', ');
    throw new WeightsError(
      file,
      `is no decoder that takes input_ids, attention_mask and past_key_values.N.key|value; its inputs are ${got}${session.inputNames.length > 6 ? ', …' : ''}.`,
    );
  }
  if (first.type !== 'float32')
    throw new WeightsError(file, `keeps keys and values in ${first.type}; only float32 is served. Take another of the folder's graphs.`);
  const [, numKvHeads, , headDim] = first.shape;
  const vocabSize = config['vocab_size'];
  const maxPositionEmbeddings = config['max_position_embeddings'] ?? config['n_positions'];
  if (
    typeof numKvHeads !== 'number' ||
    typeof headDim !== 'number' ||
    typeof vocabSize !== 'number' ||
    typeof maxPositionEmbeddings !== 'number'
  ) {
    throw new WeightsError(
      'config.json',
      'vocab_size, max_position_embeddings and the sizes of the graph’s past_key_values must be numbers.',
    );
  }
  return { vocabSize, maxPositionEmbeddings, numLayers: pasts.length / 2, numKvHeads, headDim };
}
