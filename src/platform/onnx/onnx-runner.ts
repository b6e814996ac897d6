/** Ready-made ONNX language models, as the hub exports them: opaque, with no fragments to patch, yet served by the same engine. */
import { messageOf } from '../../environment/thrown.ts';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { BatchRow, ModelRunner, ModelShape, RunOptions, RunResult } from '../../engine/model-runner.ts';
import type { OpaqueGraph } from '../../engine/weights.ts';
import { checkRows, rowLogits } from '../ort/batch.ts';
import { BatchError, RuntimeError } from '../ort/errors.ts';
import { building, longRun } from '../ort/long-run.ts';
import { Mutex } from '../../environment/mutex.ts';
import type { Provider } from '../../ports/provider.ts';
import { createSession, loadOrt, type OrtModule } from '../ort/ort.ts';
import { WeightsError } from '../../ports/load-errors.ts';
import { OpaqueBlockPool } from './block-pool.ts';
import { type IntegerType, kvNames, readSignature, type Signature } from './signature.ts';

export interface OnnxRunnerOptions {
  graph: OpaqueGraph;
  config: Readonly<Record<string, unknown>>;
  provider: Provider;
  blockSize: number;
  /** How many blocks of so many bytes the pool may have. */
  numBlocks: (blockBytes: number, maxPositionEmbeddings: number) => number;
}

/**
 * Opens a decoder in the layout of Hugging Face's exporters: `input_ids`, `attention_mask`, `position_ids`, `past_key_values.N.key|value`
 * [B, Hkv, P, D] in; `logits` and `present.N.key|value` out. Rows run one by one: exports differ in how they take ragged batches.
 * @throws WeightsError when the graph has other inputs or outputs than these
 */
export async function createOnnxRunner({ graph, config, provider, blockSize, numBlocks }: OnnxRunnerOptions): Promise<ModelRunner> {
  const ort = await loadOrt(provider);
  const session = await openSession(ort, graph, provider);
  try {
    const signature = readSignature(session, graph.file, config);
    const { numLayers, numKvHeads, headDim, maxPositionEmbeddings } = signature.shape;
    const blockBytes = 2 * numLayers * numKvHeads * blockSize * headDim * 4;
    const pool = new OpaqueBlockPool({
      numBlocks: numBlocks(blockBytes, maxPositionEmbeddings),
      blockSize,
      numLayers,
      numKvHeads,
      headDim,
    });
    // At most: those of a quantised graph are smaller.
    const parameters = (graph.bytes.byteLength + (graph.externalData?.data.byteLength ?? 0)) / Float32Array.BYTES_PER_ELEMENT;
    return new OnnxRunner(ort, session, signature, pool, parameters);
  } catch (error) {
    await session.release();
    throw error;
  }
}

class OnnxRunner implements ModelRunner {
  readonly #mutex = new Mutex();
  readonly shape: ModelShape;

  constructor(
    private readonly ort: OrtModule,
    private readonly session: InferenceSession,
    private readonly signature: Signature,
    readonly pool: OpaqueBlockPool,
    private readonly parameters: number,
  ) {
    this.shape = signature.shape;
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
        if (row.blockTable) this.pool.store(row, this.#presents(row, outputs));
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
    const feeds: Record<string, Tensor> = {};
    for (const [name, type] of this.signature.integers) {
      if (name === 'attention_mask') feeds[name] = this.#integers(type, past + length, () => 1);
      else feeds[name] = this.#integers(type, length, name === 'input_ids' ? (i) => tokenIds[i]! : (i) => past + i);
    }
    const names = kvNames('past_key_values', this.shape.numLayers);
    this.pool.past(row).forEach((data, part) => {
      feeds[names[part]!] = new ort.Tensor('float32', data, [1, numKvHeads, past, headDim]);
    });
    return feeds;
  }

  #integers(type: IntegerType, size: number, value: (i: number) => number): Tensor {
    const values = Array.from({ length: size }, (_, i) => value(i));
    return type === 'int32'
      ? new this.ort.Tensor('int32', Int32Array.from(values), [1, size])
      : new this.ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, size]);
  }

  async #runSession(feeds: Record<string, Tensor>): Promise<InferenceSession.ReturnType> {
    try {
      return await longRun(feeds['input_ids']!.dims[1]!, this.parameters, () => this.session.run(feeds));
    } catch (error) {
      throw new RuntimeError(`The runtime failed: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The graph gives logits of every token, [1, T, V]. */
  #logits(row: BatchRow, logits: Tensor): Float32Array {
    const { vocabSize } = this.shape;
    const data = floats('logits', logits, [1, row.tokenIds.length, vocabSize]);
    if (row.logits === 'last') return data.slice((row.tokenIds.length - 1) * vocabSize);
    return rowLogits([row], data, vocabSize)[0]!;
  }

  #presents({ past, tokenIds }: BatchRow, outputs: InferenceSession.ReturnType): Float32Array[] {
    const { numLayers, numKvHeads, headDim } = this.shape;
    return kvNames('present', numLayers).map((name) => floats(name, outputs[name]!, [1, numKvHeads, past + tokenIds.length, headDim]));
  }
}

/** An output's numbers. A graph may declare less than it gives, and numbers cut at the wrong places would look like numbers. */
function floats(name: string, output: Tensor, dims: readonly number[]): Float32Array {
  if (output.type === 'float32' && output.dims.join() === dims.join()) return output.data as Float32Array;
  throw new RuntimeError(`The graph gave ${name} as ${output.type} [${output.dims.join(', ')}]; expected float32 [${dims.join(', ')}].`);
}

async function openSession(ort: OrtModule, { file, bytes, externalData }: OpaqueGraph, provider: Provider): Promise<InferenceSession> {
  try {
    return await building(() =>
      createSession(ort, bytes, {
        executionProviders: [provider],
        ...(externalData && { externalData: [externalData] }),
      }),
    );
  } catch (error) {
    throw new WeightsError(file, `the runtime can't open it: ${messageOf(error)}`);
  }
}
