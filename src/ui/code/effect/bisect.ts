/** Finds where a patched model first diverges from the built-in one: by halves over the residual stream, then along one layer. */
import { divergenceOf } from '../../../contract/value-difference.ts';

/** Values by hook point. */
export type Captures = Readonly<Record<string, ArrayLike<number>>>;

export interface Divergence {
  /** Null for the embeddings, which come before all layers. */
  layer: number | null;
  hookPoint: string;
  /** What computes the value there. */
  operator: string;
  maxDifference: number;
  /** Hook points that were compared to find it. */
  comparisons: number;
}

/** What is captured for the search. `*` stands for every layer. */
export const HOOK_POINTS = ['hidden_states.*', 'layers.*.q', 'layers.*.k', 'layers.*.v', 'layers.*.attn_out', 'layers.*.mlp_out'] as const;

/** Inside a layer, in the order in which they are computed. */
const INSIDE: readonly (readonly [name: string, operator: string])[] = [
  ['q', 'norm, query projection or positions'],
  ['k', 'norm, key projection or positions'],
  ['v', 'norm or value projection'],
  ['attn_out', 'attention'],
  ['mlp_out', 'norm or MLP'],
];

/**
 * A residual stream that has diverged stays so, so layers can be searched by halves.
 * @returns null where all captures agree
 */
export function firstDivergence(before: Captures, after: Captures): Divergence | null {
  let comparisons = 0;
  const compare = (name: string): { diverges: boolean; max: number } => {
    const [a, b] = [before[name], after[name]];
    if (!a || !b) return { diverges: false, max: 0 };
    comparisons++;
    return divergenceOf(a, b);
  };
  const stream = (i: number) => `hidden_states.${i}`;
  const layers = Object.keys(before).filter((name) => name.startsWith('hidden_states.')).length - 1;
  if (layers < 0 || !compare(stream(layers)).diverges) return alongLayers(layers, compare, () => comparisons);

  // The first state that diverges lies in (low, high].
  let low = -1;
  let high = layers;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (compare(stream(middle)).diverges) high = middle;
    else low = middle;
  }
  if (high === 0) return { layer: null, hookPoint: stream(0), operator: 'embeddings', maxDifference: compare(stream(0)).max, comparisons };
  const layer = high - 1;
  const inside = insideLayer(layer, compare);
  if (inside) return { ...inside, comparisons };
  const operator = high === layers ? 'final norm or residual sum' : 'residual sum';
  return { layer, hookPoint: stream(high), operator, maxDifference: compare(stream(high)).max, comparisons };
}

type Compare = (name: string) => { diverges: boolean; max: number };

function insideLayer(layer: number, compare: Compare): Omit<Divergence, 'comparisons'> | null {
  for (const [name, operator] of INSIDE) {
    const hookPoint = `layers.${layer}.${name}`;
    const { diverges, max } = compare(hookPoint);
    if (diverges) return { layer, hookPoint, operator, maxDifference: max };
  }
  return null;
}

/** What diverges inside a layer and never reaches the end, such as keys that the rest makes up for. */
function alongLayers(layers: number, compare: Compare, comparisons: () => number): Divergence | null {
  for (let layer = 0; layer < layers; layer++) {
    const inside = insideLayer(layer, compare);
    if (inside) return { ...inside, comparisons: comparisons() };
  }
  return null;
}
