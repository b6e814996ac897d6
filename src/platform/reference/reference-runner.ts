/** The slow reference runtime: the engine's `ModelRunner` without any library, for tests and as a reference for others. */
import { Mutex } from '../../environment/mutex.ts';
import type { BatchRow, Capture, ModelRunner, ModelShape, RunOptions, RunResult, Tap } from '../../engine/model-runner.ts';
import { forwardToken, logitsOf, type Observer, type ReferenceConfig, type ReferenceWeights } from './llama.ts';
import { randomWeights, TINY_CONFIG } from './random-weights.ts';
import { ReferencePool } from './reference-pool.ts';

export interface ReferenceOptions {
  config?: ReferenceConfig;
  /** From `seed` when left out. */
  weights?: ReferenceWeights;
  seed?: number;
  numBlocks: number;
  blockSize: number;
}

export class ReferenceRunner implements ModelRunner {
  readonly shape: ModelShape;
  readonly pool: ReferencePool;
  readonly config: ReferenceConfig;
  readonly weights: ReferenceWeights;
  readonly #mutex = new Mutex();

  constructor({ config = TINY_CONFIG, seed = 0, weights = randomWeights(config, seed), numBlocks, blockSize }: ReferenceOptions) {
    this.config = config;
    this.weights = weights;
    this.pool = new ReferencePool(config, numBlocks, blockSize);
    const { vocabSize, maxPositionEmbeddings, numLayers, numKvHeads, headDim } = config;
    this.shape = { vocabSize, maxPositionEmbeddings, numLayers, numKvHeads, headDim };
  }

  run(rows: readonly BatchRow[], options: RunOptions = {}): Promise<RunResult> {
    return this.#mutex.run(() => this.#run(rows, options));
  }

  async dispose(): Promise<void> {}

  #run(rows: readonly BatchRow[], { capture = [], taps = [] }: RunOptions): RunResult {
    const startMs = performance.now();
    const logits: Float32Array[] = [];
    const captures: Map<string, Capture>[] = [];
    for (const [i, row] of rows.entries()) {
      const captured = new Map<string, Capture>();
      const ofRow = taps.filter((tap) => tap.row === i);
      logits.push(this.#runRow(row, capture.length + ofRow.length > 0 ? this.#observer(row, capture, captured, ofRow) : undefined));
      captures.push(captured);
    }
    return { logits, captures, runMs: performance.now() - startMs };
  }

  /** Logits of one row, [n, V]. */
  #runRow(row: BatchRow, observer: Observer | undefined): Float32Array {
    const { tokenIds, past } = row;
    const { config, weights } = this;
    if (tokenIds.length < 1) throw new RangeError('A row needs at least one token.');
    if (past + tokenIds.length > config.maxPositionEmbeddings)
      throw new RangeError(`Position ${past + tokenIds.length - 1} lies beyond ${config.maxPositionEmbeddings}.`);
    const kv = row.blockTable ? this.pool.access(row.blockTable) : new ReferencePool(config, 1, past + tokenIds.length).access([0]);
    const rows: Float32Array[] = [];
    for (let i = 0; i < tokenIds.length; i++) {
      const hidden = forwardToken(config, weights, tokenIds[i]!, past + i, kv, observer);
      if (row.logits === 'all' || (row.logits === 'last' && i === tokenIds.length - 1)) rows.push(logitsOf(config, weights, hidden));
    }
    const output = new Float32Array(rows.length * config.vocabSize);
    rows.forEach((values, i) => output.set(values, i * config.vocabSize));
    return output;
  }

  /** Fills the captures asked for, named as Hugging Face names them, and applies taps, which hidden states take here. */
  #observer(row: BatchRow, names: readonly string[], captured: Map<string, Capture>, taps: readonly Tap[]): Observer {
    if (row.blockTable) throw new RangeError('Captures and taps need rows without a block table.');
    const other = taps.find(({ hookPoint }) => !hookPoint.startsWith('hidden_states.'));
    if (other) throw new RangeError(`The reference runtime taps hidden states only, not ${other.hookPoint}.`);
    const changes = new Map(taps.map(({ hookPoint, change }) => [hookPoint, change()]));
    const { hiddenSize, numHeads } = this.config;
    const length = row.tokenIds.length; // T
    for (const name of names) {
      const shape = name.startsWith('attentions.') ? [numHeads, length, length] : [length, hiddenSize];
      captured.set(name, { shape, data: new Float32Array(shape.reduce((product, size) => product * size)) });
    }
    return {
      hiddenState: (index, position, values) => {
        const change = changes.get(`hidden_states.${index}`);
        const from = position * hiddenSize;
        if (change) for (let i = 0; i < hiddenSize; i++) values[i] = values[i]! * change.scale[from + i]! + change.offset[from + i]!;
        captured.get(`hidden_states.${index}`)?.data.set(values, from);
      },
      attention: (layer, head, position, probabilities) =>
        captured.get(`attentions.${layer}`)?.data.set(probabilities, (head * length + position) * length),
    };
  }
}
