/** How past keys and values come into the graph, and how a step's new ones leave it. */
import type { ModelConfig } from './config.ts';
import type { Graph } from './graph.ts';
import type { Value } from './value.ts';

/**
 * - `contiguous`: inputs `past_key.<layer>` and `past_value.<layer>`, [B, Hkv, P, D]; the runner gathers them.
 * - `paged`: inputs `kv_pool`, [R, Hkv * D], and `block_tables`, [B, n] int32; the graph gathers P = n * blockSize places itself.
 *   Row `(slot * L + layer) * 2` of the pool holds a token's keys of a layer and the next row its values, where
 *   slot = block * blockSize + place in the block: all of a token lies in one piece.
 */
export type KvForm = { kind: 'contiguous' } | { kind: 'paged'; blockSize: number };

export interface KvInputs {
  /** [B, T] int32 */
  positions: Value;
  /** [B] int32 */
  pastLengths: Value;
  /** [B] int32 */
  totalLengths: Value;
  /** [1] int32 */
  maxTotalLength: Value;
  /** [B, Hkv, P, D] each */
  past(layer: number): { pastK: Value; pastV: Value };
}

export function kvInputs(g: Graph, config: ModelConfig, form: KvForm): KvInputs {
  const lengths = {
    positions: g.input('positions', 'int32', ['B', 'T']),
    pastLengths: g.input('past_lengths', 'int32', ['B']),
    totalLengths: g.input('total_lengths', 'int32', ['B']),
    maxTotalLength: g.input('max_total_length', 'int32', [1]),
  };
  const past = form.kind === 'contiguous' ? contiguous(g, config) : paged(g, config, form.blockSize);
  return { ...lengths, past };
}

function contiguous(g: Graph, { layers, numKvHeads, headDim }: ModelConfig): KvInputs['past'] {
  const shape = ['B', numKvHeads, 'P', headDim]; // [B, Hkv, P, D]
  const pairs = layers.map(({ index }) => ({
    pastK: g.input(`past_key.${index}`, g.dtype, shape),
    pastV: g.input(`past_value.${index}`, g.dtype, shape),
  }));
  return (layer) => pairs[layer]!;
}

function paged(g: Graph, { numLayers, numKvHeads, headDim }: ModelConfig, blockSize: number): KvInputs['past'] {
  const pool = g.input('kv_pool', g.dtype, ['R', numKvHeads * headDim]);
  const tables = g.input('block_tables', 'int32', ['B', 'n']);
  const firstRows = (): Value =>
    g.once('paged/firstRows', () => {
      const places = g.constant(
        Array.from({ length: blockSize }, (_, i) => i),
        [blockSize],
        'int32',
      );
      const slots = g.add(g.mul(g.unsqueeze(tables, 2), blockSize), places); // [B, n, blockSize]
      return g.mul(g.reshape(slots, ['B', -1]), numLayers * 2); // [B, P]
    });
  const gather = (row: number): Value => {
    const rows = g.gather(pool, g.add(firstRows(), row)); // [B, P, Hkv * D]
    const heads = g.reshape(rows, [...rows.shape.slice(0, 2), numKvHeads, headDim]); // [B, P, Hkv, D]
    return g.transpose(heads, [0, 2, 1, 3]); // [B, Hkv, P, D]
  };
  return (layer) => ({ pastK: gather(2 * layer), pastV: gather(2 * layer + 1) });
}

/** All keys and values of the new tokens in one tensor, as the pool keeps them. [B * T, L * 2 * Hkv * D] */
export function newKv(g: Graph, config: ModelConfig, fresh: readonly { k: Value; v: Value }[]): Value {
  const width = config.numKvHeads * config.headDim;
  return g.concat(
    fresh.flatMap(({ k, v }) => [k, v]).map((heads) => g.reshape(heads, [-1, width])), // [B, T, Hkv, D] → [B * T, Hkv * D]
    1,
  );
}
