/** The map of blocks says of every block what the service said of it. */
import { describe, expect, test } from 'vitest';
import { blockMapOf, type Blocks, countKinds, heldBy, kindAt } from './block-map.ts';
import { cellAt, layoutOf, moveCell } from './map-layout.ts';

const tier = (name: 'gpu' | 'cpu', capacity: number): Blocks['tiers'][number] => ({
  ...{ name, medium: 'memory', capacity_blocks: capacity, used_blocks: 0, cached_blocks: 0, free_blocks: capacity },
  ...{ capacity_bytes: 0, used_bytes: 0, cached_bytes: 0, free_bytes: 0, error: null },
});

const blocks: Blocks = {
  references: { dtype: 'int32', shape: [8], data: Int32Array.from([2, 1, 1, 0, 1, 0, 1, 0]) },
  hashed: { dtype: 'uint8', shape: [8], data: Uint8Array.from([1, 0, 0, 1, 0, 0, 0, 0]) },
  sequences: [
    { sequence_id: 'a#0', request_id: 'a', tokens: 20, block_ids: [0, 1], reserved_block_ids: [4] },
    { sequence_id: 'a#1', request_id: 'a', tokens: 18, block_ids: [0, 2], reserved_block_ids: [] },
  ],
  allocations: [{ id: 'held', block_ids: [6] }],
  swapped: [{ sequence_id: 'b#0', request_id: 'b', slots: [{ tier: 'cpu', slot: 1 }] }],
  tiers: [tier('gpu', 8), tier('cpu', 3)],
};

describe('the map of blocks', () => {
  const map = blockMapOf(blocks);
  const [pool, cpu] = map.tiers as [(typeof map.tiers)[0], (typeof map.tiers)[0]];

  test('gives each block one kind', () => {
    expect(Array.from({ length: 8 }, (_, block) => kindAt(pool, block))).toEqual([
      ...['used', 'used', 'used', 'cached', 'reserved', 'free', 'allocated', 'free'],
    ]);
    expect(Array.from({ length: 3 }, (_, slot) => kindAt(cpu, slot))).toEqual(['free', 'swapped', 'free']);
  });

  test('counts shared blocks beside the kinds', () => {
    expect(countKinds(pool)).toEqual({ free: 2, cached: 1, used: 3, reserved: 1, allocated: 1, swapped: 0, shared: 1 });
  });

  test('names everyone who holds a block, with the tokens in it', () => {
    expect(heldBy(map, pool, 0, 16).map(({ holder, tokens, place }) => [holder.id, tokens, place])).toEqual([
      ['a#0', 16, 0],
      ['a#1', 16, 0],
    ]);
    expect(heldBy(map, pool, 1, 16)).toMatchObject([{ tokens: 4, place: 1, of: 3, reserved: false }]);
    expect(heldBy(map, pool, 4, 16)).toMatchObject([{ tokens: 0, place: 2, reserved: true }]);
    expect(heldBy(map, cpu, 1, 16)).toMatchObject([{ holder: { id: 'b#0', kind: 'swapped' }, place: 0 }]);
    expect(heldBy(map, pool, 5, 16)).toEqual([]);
  });

  test('numbers the sequences of a request', () => {
    expect(map.holders.map(({ id, sibling }) => [id, sibling])).toEqual([
      ...[
        ['a#0', 0],
        ['a#1', 1],
        ['held', 0],
        ['b#0', 0],
      ],
    ]);
  });
});

describe('its layout', () => {
  test.each([1, 7, 512, 1024, 40_000])('%i blocks all have a place, and are found there', (count) => {
    const layout = layoutOf(count, 800);
    expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(count);
    expect(layout.columns * layout.pitch).toBeLessThanOrEqual(800);
    for (const block of [0, Math.floor(count / 2), count - 1]) {
      const x = (block % layout.columns) * layout.pitch + layout.pitch / 2;
      const y = Math.floor(block / layout.columns) * layout.pitch + layout.pitch / 2;
      expect(cellAt(layout, count, x, y)).toBe(block);
    }
    expect(cellAt(layout, count, -1, 0)).toBeNull();
  });

  test('arrow keys stay inside', () => {
    const layout = layoutOf(10, 60);
    expect(moveCell(layout, 10, 0, 'ArrowLeft')).toBe(0);
    expect(moveCell(layout, 10, 0, 'ArrowRight')).toBe(1);
    expect(moveCell(layout, 10, 9, 'ArrowDown')).toBe(9);
    expect(moveCell(layout, 10, 3, 'End')).toBe(9);
    expect(moveCell(layout, 10, 3, 'x')).toBeNull();
  });
});
