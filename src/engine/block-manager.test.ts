/** The block manager alone: what prefix hits mean, what strategies hold, and that every block is accounted for. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import fifo from '../patchable/memory/fifo.ts';
import { EVICTION_RULES, lru } from '../patchable/memory/index.ts';
import lfu from '../patchable/memory/lfu.ts';
import { BlockChains } from './block-hash.ts';
import { BlockManager, type BlockManagerOptions } from './block-manager.ts';
import { DEFAULT_SAMPLING, Sequence } from './sequence.ts';

const OPTIONS: BlockManagerOptions = {
  numBlocks: 16,
  blockSize: 2,
  strategy: 'paged',
  eviction: lru,
  watermark: 0,
  prefixCaching: true,
  weightsHash: 'w',
  codeRevision: 'c',
};

let count = 0;
function sequenceOf(tokenIds: readonly number[], maxLength = tokenIds.length + 8): Sequence {
  const id = `s${count++}`;
  return new Sequence({
    ...{
      id,
      requestId: id,
      index: 0,
      tokenIds,
      promptLength: tokenIds.length,
      maxLength,
      sampling: DEFAULT_SAMPLING,
      eosTokenIds: new Set(),
    },
    ...{ priority: 0, client: '', deadlineMs: null, arrivalMs: 0, arrivalOrder: count, pendingForks: 0 },
  });
}

type Command =
  | { kind: 'admit'; tokenIds: number[] }
  | { kind: 'append'; at: number; tokenId: number }
  | { kind: 'free'; at: number }
  | { kind: 'root'; weightsHash: string; codeRevision: string };

const tokenId = fc.nat(1);
const commands = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('admit' as const), tokenIds: fc.array(tokenId, { minLength: 1, maxLength: 9 }) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), at: fc.nat(5), tokenId }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('free' as const), at: fc.nat(5) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('root' as const),
        weightsHash: fc.constantFrom('w', 'v'),
        codeRevision: fc.constantFrom('c', 'd'),
      }),
    },
  ),
  { minLength: 4, maxLength: 60 },
);

/** Remembers what was written into each block, and compares whenever a prefix hits. */
function prefixHitsAreTrue(list: readonly Command[], options: BlockManagerOptions): void {
  const manager = new BlockManager(options);
  const written = new Map<number, string>();
  const live: Sequence[] = [];
  let root = 'w c';
  const roots = new Map<Sequence, string>();
  const contentOf = (sequence: Sequence, block: number): string =>
    `${roots.get(sequence)}: ${sequence.tokenIds.slice(0, (block + 1) * manager.blockSize).join(' ')}`;
  const compute = (sequence: Sequence): void => {
    for (let i = Math.floor(sequence.numComputed / manager.blockSize); (i + 1) * manager.blockSize <= sequence.length; i++) {
      // A sequence that spans two roots holds what neither alone would give.
      written.set(sequence.blockTable[i]!, roots.get(sequence) === root ? contentOf(sequence, i) : 'mixed');
    }
    manager.commit(sequence, sequence.length);
  };
  for (const command of list) {
    if (command.kind === 'root') {
      manager.setRoot(command.weightsHash, command.codeRevision);
      root = `${command.weightsHash} ${command.codeRevision}`;
      for (const sequence of live) roots.set(sequence, 'mixed');
    } else if (command.kind === 'admit') {
      const sequence = sequenceOf(command.tokenIds);
      if (manager.admission(sequence, true).verdict !== 'ok') continue;
      roots.set(sequence, root);
      manager.admit(sequence);
      expect(sequence.numComputed).toBeLessThan(sequence.length);
      for (let i = 0; i < sequence.numComputed / manager.blockSize; i++)
        expect(written.get(sequence.blockTable[i]!)).toBe(contentOf(sequence, i));
      compute(sequence);
      live.push(sequence);
    } else if (command.kind === 'append') {
      const sequence = live[command.at];
      if (!sequence) continue;
      sequence.append(command.tokenId, 0, null);
      if (manager.grow(sequence)) sequence.tokenIds.pop();
      else compute(sequence);
    } else {
      for (const sequence of live.splice(command.at, 1)) manager.release(sequence);
    }
    expect(
      manager.pool.freeBlocks +
        manager.pool.cachedBlocks +
        new Set(live.flatMap(({ blockTable, reserved }) => [...blockTable, ...reserved])).size,
    ).toBe(options.numBlocks);
  }
  for (const sequence of live) manager.release(sequence);
  expect(manager.pool.availableBlocks).toBe(options.numBlocks);
}

const property = fc.property(
  commands,
  fc.constantFrom(...EVICTION_RULES),
  fc.constantFrom('paged' as const, 'dynamic' as const, 'static' as const),
  (list, eviction, strategy) => prefixHitsAreTrue(list, { ...OPTIONS, eviction, strategy }),
);

describe('a prefix hit means equal tokens, weights hash and code revision, and leaves a token to compute', () => {
  const { startEpoch } = BlockChains.prototype;
  afterEach(() => void (BlockChains.prototype.startEpoch = startEpoch));

  test('over random lives', () => expect(fc.check(property, { numRuns: 2000 })).toMatchObject({ failed: false }));

  test.each([
    ['weights hash', (_: string, codeRevision: string) => ['w', codeRevision] as const],
    ['code revision', (weightsHash: string) => [weightsHash, 'c'] as const],
  ])('a hit that ignores the %s is caught', (_, ignore) => {
    BlockChains.prototype.startEpoch = function (this: BlockChains, weightsHash, codeRevision) {
      startEpoch.call(this, ...ignore(weightsHash, codeRevision));
    };
    expect(fc.check(property, { numRuns: 2000, endOnFailure: true }).failed).toBe(true);
  });

  test('blocks of an earlier revision are found again when it comes back', () => {
    const manager = new BlockManager(OPTIONS);
    const first = sequenceOf([1, 2, 3, 4, 5]);
    manager.admit(first);
    manager.commit(first, 5);
    manager.release(first);
    manager.setRoot('w', 'other');
    expect(manager.matchPrefix(sequenceOf([1, 2, 3, 4, 5]))).toHaveLength(0);
    manager.setRoot('w', 'c');
    expect(manager.matchPrefix(sequenceOf([1, 2, 3, 4, 5]))).toHaveLength(2);
  });
});

describe('strategies differ in the blocks held', () => {
  test.each([
    ['paged', [3, 3, 4, 4, 5]],
    ['dynamic', [3, 3, 6, 6, 6]],
    ['static', [9, 9, 9, 9, 9]],
  ] as const)('%s', (strategy, expected) => {
    const manager = new BlockManager({ ...OPTIONS, strategy });
    const sequence = sequenceOf([1, 2, 3, 4, 5], 18);
    manager.admit(sequence);
    const held = [sequence.blockTable.length + sequence.reserved.length];
    for (let i = 0; i < 4; i++) {
      manager.commit(sequence, sequence.length);
      sequence.append(0, 0, null);
      expect(manager.grow(sequence)).toBeNull();
      held.push(sequence.blockTable.length + sequence.reserved.length);
      expect(sequence.blockTable).toHaveLength(Math.ceil(sequence.length / 2));
    }
    expect(held).toEqual(expected);
  });
});

describe('admission', () => {
  test('ok, later, never, with the numbers', () => {
    const manager = new BlockManager({ ...OPTIONS, numBlocks: 4, watermark: 0.25 });
    expect(manager.admission(sequenceOf([1, 2, 3, 4, 5, 6], 7), false)).toMatchObject({ verdict: 'ok', needed: 3 });
    expect(manager.admission(sequenceOf([1, 2, 3, 4, 5, 6, 7], 8), false)).toMatchObject({
      verdict: 'later',
      needed: 4,
      available: 4,
      reserved: 1,
    });
    expect(manager.admission(sequenceOf([1, 2, 3, 4, 5, 6, 7], 8), true)).toMatchObject({ verdict: 'ok' });
    expect(manager.admission(sequenceOf([1], 20), true)).toMatchObject({ verdict: 'never', needed: 10, available: 4 });
  });
});

describe('eviction', () => {
  /** Caches two prompts of two blocks each, the first one hit once more, then takes blocks until some are evicted. */
  function survivors(eviction: (typeof EVICTION_RULES)[number], evicted: number): string[] {
    const manager = new BlockManager({ ...OPTIONS, numBlocks: 6, eviction });
    const run = (tokenIds: number[]): void => {
      const sequence = sequenceOf(tokenIds, tokenIds.length + 1);
      manager.admit(sequence);
      manager.commit(sequence, tokenIds.length);
      manager.release(sequence);
    };
    run([1, 1, 1, 1, 1]);
    run([2, 2, 2, 2, 2]);
    run([1, 1, 1, 1, 1]);
    manager.allocate('raw', 2 * (2 + evicted));
    return [
      [1, 1, 1, 1, 1],
      [2, 2, 2, 2, 2],
    ].map((tokenIds) => `${tokenIds[0]}×${manager.matchPrefix(sequenceOf(tokenIds)).length}`);
  }

  test('lru takes the tail of what was freed longest ago', () => {
    expect(survivors(lru, 1)).toEqual(['1×2', '2×1']);
  });

  test('lfu takes what was hit least', () => {
    expect(survivors(lfu, 2)).toEqual(['1×2', '2×0']);
  });

  test('fifo takes what came first, used or not', () => {
    expect(survivors(fifo, 1)[0]).toBe('1×0');
  });

  test('a rule that throws or gives nonsense is told, and lru stands in', () => {
    const manager = new BlockManager({ ...OPTIONS, numBlocks: 2, eviction: { name: 'bad', rule: '', score: () => NaN } });
    const messages: string[] = [];
    manager.pool.onPatchedCodeFailed = ({ message }) => messages.push(message);
    const sequence = sequenceOf([1, 2, 3], 4);
    manager.admit(sequence);
    manager.commit(sequence, 3);
    manager.release(sequence);
    expect(manager.allocate('raw', 4)).toHaveLength(2);
    expect(messages[0]).toContain('gave NaN');
  });
});
