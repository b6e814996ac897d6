/** A runner that computes nothing: a run advances the virtual clock by what the cost model says. */
import type { BatchRow, KvPool, ModelRunner, ModelShape, RunResult } from '../model-runner.ts';
import { featuresOf } from '../step-plan.ts';
import { predictMs, type CostModel } from './cost-model.ts';

export class SimulatedRunner implements ModelRunner {
  readonly shape: ModelShape;
  readonly pool: KvPool;
  #movedBlocks = 0;
  readonly #logits = new Float32Array(1);

  constructor(
    private readonly clock: { nowMs: number },
    private readonly costModel: CostModel,
    numBlocks: number,
    blockSize: number,
    blockBytes: number,
    contextTokens: number,
  ) {
    // Any id is a token: simulated prompts only need to differ where real ones would.
    this.shape = { vocabSize: 2 ** 31, maxPositionEmbeddings: contextTokens, numLayers: 0, numKvHeads: 0, headDim: 0 };
    const bytes = new Uint8Array(0);
    const moved = (): void => void this.#movedBlocks++;
    this.pool = { numBlocks, blockSize, blockBytes, copyBlock: moved, readBlock: async () => (moved(), bytes), writeBlock: moved };
  }

  async run(rows: readonly BatchRow[]): Promise<RunResult> {
    const features = featuresOf(
      rows.map(({ past, tokenIds, logits }) => ({ past, numTokens: tokenIds.length, samples: logits !== 'none' })),
      this.#movedBlocks,
    );
    this.#movedBlocks = 0;
    const runMs = predictMs(this.costModel, features);
    this.clock.nowMs += runMs;
    return { logits: rows.map(() => this.#logits), captures: rows.map(() => new Map()), runMs };
  }

  async dispose(): Promise<void> {}
}
