/** What every attention fragment is given: queries, new and past keys and values, and who may see whom. */
import type { LayerConfig } from './config.ts';
import type { Graph } from './graph.ts';
import type { KvInputs } from './kv-inputs.ts';
import type { Value } from './value.ts';

/**
 * B sequences, T new tokens each (shorter rows are padded on the right), H query heads, Hkv K/V heads, D head dim,
 * P places for past tokens of which the first `pastLengths` count, S = P + T.
 */
export interface AttentionInputs {
  layer: LayerConfig;
  /** [B, T, H, D], positions applied */
  q: Value;
  /** New keys, [B, T, Hkv, D], positions applied */
  k: Value;
  /** New values, [B, T, Hkv, D] */
  v: Value;
  /** [B, Hkv, P, D] */
  pastK: Value;
  /** [B, Hkv, P, D] */
  pastV: Value;
  /** How many past tokens count. [B] int32 */
  pastLengths: Value;
  /** Past and new tokens that count. [B] int32 */
  totalLengths: Value;
  /** The largest of `totalLengths`. [1] int32, known before the run */
  maxTotalLength: Value;
  /** Of the new tokens. [B, T] int32 */
  positions: Value;
  /** A capture asks for the attention map: return `{ output, probabilities }`. */
  wantProbabilities: boolean;
  /**
   * 0 where a query may see a key and a very negative number elsewhere, to be added to scores. [B, 1, T, S]
   * @param window how many keys a query sees, itself included; the layer's unless given
   */
  mask(window?: number | null): Value;
  /** Past and new keys in one piece. [B, Hkv, S, D] */
  keys(): Value;
  /** Past and new values in one piece. [B, Hkv, S, D] */
  values(): Value;
  /** `softmax(softCap(q kᵀ · scale) + mask)`: the attention map, for kernels that never form it. [B, H, T, S] */
  probabilities(window?: number | null): Value;
}

export function attentionInputs(
  g: Graph,
  kv: KvInputs,
  layer: LayerConfig,
  { q, k, v }: { q: Value; k: Value; v: Value },
  wantProbabilities: boolean,
): AttentionInputs {
  const { pastLengths, totalLengths, maxTotalLength, positions } = kv;
  const { pastK, pastV } = kv.past(layer.index);
  const all = (past: Value, fresh: Value): Value => g.concat([past, g.transpose(fresh, [0, 2, 1, 3])], 2);
  const inputs: AttentionInputs = {
    layer,
    q,
    k,
    v,
    pastK,
    pastV,
    pastLengths,
    totalLengths,
    maxTotalLength,
    positions,
    wantProbabilities,
    mask: (window = layer.slidingWindow) => g.once(`mask/${window}`, () => causalMask(g, pastK, kv, window)),
    keys: () => all(pastK, k),
    values: () => all(pastV, v),
    probabilities: (window = layer.slidingWindow) => {
      const keys = g.repeat(inputs.keys(), 1, layer.numHeads / layer.numKvHeads); // [B, H, S, D]
      const scores = g.matmul(g.transpose(q, [0, 2, 1, 3]), g.transpose(keys, [0, 1, 3, 2])); // [B, H, T, S]
      return g.softmax(g.add(g.softCap(g.mul(scores, layer.scale), layer.softCap), inputs.mask(window)), -1);
    },
  };
  return inputs;
}

/** A key is seen from its own position on, for as long as the window says. [B, 1, T, S] */
function causalMask(g: Graph, past: Value, { pastLengths, positions }: KvInputs, window: number | null): Value {
  const NEVER = 2 ** 30; // the position of places that hold nothing
  const places = g.unsqueeze(g.range(past, 2), 0); // [1, P]
  const filled = g.less(places, g.unsqueeze(pastLengths, 1)); // [B, P]
  const keyPositions = g.unsqueeze(g.concat([g.where(filled, places, NEVER), positions], 1), 1); // [B, 1, S]
  const queryPositions = g.unsqueeze(positions, 2); // [B, T, 1]
  const started = g.lessOrEqual(keyPositions, queryPositions); // [B, T, S]
  const visible = window === null ? started : g.and(started, g.greater(keyPositions, g.sub(queryPositions, window)));
  const hidden = g.dtype === 'float16' ? -65504 : -1e30;
  return g.unsqueeze(g.where(visible, 0, g.scalar(hidden)), 1);
}
