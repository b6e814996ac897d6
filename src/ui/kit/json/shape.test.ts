import { describe, expect, it } from 'vitest';
import { childrenOf, isLeaf, isRow, numbersPreview, opensAtFirst, summary } from './shape.ts';

describe('the tree of a value', () => {
  it('tells leaves, rows and branches apart', () => {
    for (const leaf of [null, undefined, 1, 'text', true, [], {}]) expect(isLeaf(leaf)).toBe(true);
    for (const row of [[1, 2], ['a', 'b'], new Float32Array(3)]) expect(isRow(row)).toBe(true);
    for (const branch of [[[1]], [{ a: 1 }], ['x'.repeat(100)], { a: 1 }]) expect(isRow(branch)).toBe(false);
  });

  it('renders a bounded part of anything', () => {
    expect(numbersPreview(new Float32Array(1e6), 256)).toMatchObject({ rest: 1e6 - 256 });
    const { entries, rest } = childrenOf(
      Array.from({ length: 20_000 }, () => ({ id: 1 })),
      50,
    );
    expect([entries.length, rest]).toEqual([50, 19_950]);
    expect(opensAtFirst({ a: { b: {} } }, 5)).toBe(false);
  });

  it('sums up', () => {
    expect(summary({ dtype: 'float32', shape: [1, 512], data: [] }, false)).toBe('float32 [1, 512]');
    expect(summary(Array.from({ length: 20_000 }), true)).toBe('[20,000]');
    expect(summary({ id: 'gen_1', state: 'finished', priority: 0, usage: { a: 1 } }, false)).toBe(
      '{ id: "gen_1", state: "finished", priority: 0, … }',
    );
    expect(summary({ id: 1, b: 2 }, true)).toBe('{ id, b }');
  });
});
