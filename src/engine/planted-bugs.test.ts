/** The suite of `invariants.test.ts` against engines with a bug planted: each must be caught, and by the invariant that it breaks. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { BlockChains } from './block-hash.ts';
import { BlockManager } from './block-manager.ts';
import { BlockPool } from './block-pool.ts';
import { Ranking } from './ranking.ts';
import { StepPlan } from './step-plan.ts';
import { Tiers } from './tiers.ts';
import { InvariantError } from './testing/invariants.ts';
import { play } from './testing/run-scenario.ts';
import { scenarios } from './testing/scenario.ts';

let restore = (): void => {};
afterEach(() => restore());

/** Replaces a method for one test. */
function plant<T extends object, K extends keyof T>(prototype: T, method: K, make: (original: T[K]) => T[K]): void {
  const original = prototype[method];
  prototype[method] = make(original);
  restore = () => void (prototype[method] = original);
}

interface PlantedBug {
  name: string;
  plant(): void;
  /** What may notice it first: an invariant, or the engine's own assertion. */
  caughtBy: RegExp;
}

const BUGS: PlantedBug[] = [
  {
    name: 'free drops the decrement of shared blocks',
    plant: () =>
      plant(
        BlockPool.prototype,
        'release',
        (release) =>
          function (this: BlockPool, block) {
            return this.references(block) > 1 ? false : release.call(this, block);
          },
      ),
    caughtBy: /a reference count is the number of tables/,
  },
  {
    name: 'a block is freed twice',
    plant: () =>
      plant(
        BlockPool.prototype,
        'release',
        (release) =>
          function (this: BlockPool, block) {
            const isLast = release.call(this, block);
            return this.references(block) > 0 ? release.call(this, block) : isLast;
          },
      ),
    caughtBy: /a reference count is the number of tables|only blocks of one holder are written|freed twice/,
  },
  {
    name: 'the block table is one token short',
    plant: () =>
      plant(
        BlockManager.prototype,
        'blocksFor',
        () =>
          function (this: BlockManager, tokens) {
            return Math.ceil((tokens - 1) / this.blockSize);
          },
      ),
    caughtBy: /a block table has/,
  },
  {
    name: 'a prefix hit ignores weights hash and code revision',
    plant: () => plant(BlockChains.prototype, 'startEpoch', () => () => {}),
    caughtBy: /output does not depend on the batch/,
  },
  {
    name: 'a prefix hit leaves nothing to compute',
    plant: () =>
      plant(
        BlockManager.prototype,
        'matchPrefix',
        (matchPrefix) =>
          function (this: BlockManager, sequence) {
            return matchPrefix.call(this, Object.create(sequence, { length: { value: sequence.length + 1 } }));
          },
      ),
    caughtBy: /at least one token is left to compute/,
  },
  {
    name: 'shared blocks are written without a copy',
    plant: () =>
      plant(
        BlockManager.prototype,
        'grow',
        (grow) =>
          function (this: BlockManager, sequence) {
            const { references } = this.pool;
            this.pool.references = () => 1;
            const shortage = grow.call(this, sequence);
            this.pool.references = references;
            return shortage;
          },
      ),
    caughtBy: /only blocks of one holder are written/,
  },
  {
    name: 'a block is handed out to two',
    plant: () =>
      plant(
        BlockPool.prototype,
        'allocate',
        (allocate) =>
          function (this: BlockPool, count) {
            const blocks = allocate.call(this, count);
            return blocks && blocks.length > 1 ? [blocks[0]!, blocks[0]!, ...blocks.slice(2)] : blocks;
          },
      ),
    caughtBy: /a reference count is the number of tables|only blocks of one holder are written|freed twice/,
  },
  {
    name: 'a sequence that ends keeps its blocks',
    plant: () => plant(BlockManager.prototype, 'release', () => () => 0),
    caughtBy: /a sequence is in one state|cancelling frees at once|all free when idle/,
  },
  {
    name: 'the cache survives the loss of the pool',
    plant: () => plant(BlockPool.prototype, 'dropContents', () => () => {}),
    caughtBy: /output does not depend on the batch/,
  },
  {
    name: 'the budget is not charged',
    plant: () =>
      plant(
        StepPlan.prototype,
        'addRow',
        (addRow) =>
          function (this: StepPlan, sequence, numTokens) {
            addRow.call(this, sequence, numTokens);
            this.budget += numTokens;
          },
      ),
    caughtBy: /scheduled tokens ≤ budget/,
  },
  {
    name: 'blocks come back from the tiers in another order',
    plant: () =>
      plant(
        Tiers.prototype,
        'slotsOf',
        (slotsOf) =>
          function (this: Tiers, sequenceId) {
            return slotsOf.call(this, sequenceId).toReversed();
          },
      ),
    caughtBy: /output does not depend on the batch/,
  },
  {
    name: 'a tier takes more than it holds',
    plant: () =>
      plant(
        Tiers.prototype,
        'take',
        (take) =>
          function (this: Tiers, sequenceId, count) {
            return take.call(this, sequenceId, Math.min(count, 1));
          },
      ),
    caughtBy: /output does not depend on the batch|Cannot read|is full/,
  },
  {
    name: 'the last comes first',
    plant: () =>
      plant(
        Ranking.prototype,
        'inOrder',
        (inOrder) =>
          function (this: Ranking, sequences) {
            return inOrder.call(this, sequences).toReversed();
          },
      ),
    caughtBy: /admission follows the policy’s order/,
  },
];

test.each(BUGS)('caught: $name', { timeout: 60_000 }, async ({ plant: plantBug, caughtBy }) => {
  plantBug();
  const { failed, errorInstance, numRuns } = await fc.check(
    fc.asyncProperty(scenarios(), async (scenario) => void (await play(scenario))),
    { seed: 4, numRuns: 5000, endOnFailure: true },
  );
  expect(failed, `not caught in ${numRuns} runs`).toBe(true);
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  expect(errorInstance instanceof InvariantError || errorInstance instanceof Error).toBe(true);
  expect(message).toMatch(caughtBy);
});
