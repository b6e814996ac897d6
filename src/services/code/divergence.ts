/** Where a model with other code diverges from the built-in one: the first value in order of computation that differs. */
import type { Output } from '../../contract/index.ts';
import { divergenceOf, MAX_FLOAT32 } from '../../contract/value-difference.ts';
import { parseConfig } from '../../engine/graph/index.ts';
import type { RunResult } from '../../engine/index.ts';

type Divergence = NonNullable<NonNullable<Output<'code', 'testResource'>['effect']>['first_departure']>;

interface Probe {
  hookPoint: string;
  layer: number;
  /** What computes this value from those before it. */
  operator: string;
}

/**
 * Hook points in order of computation. Values come before queries and keys: all three come from the layer's norm, and only the
 * latter two have positions.
 */
export function probesOf(config: Record<string, unknown>): Probe[] {
  const { numLayers } = parseConfig(config);
  const layers = Array.from({ length: numLayers }, (_, layer): Probe[] => [
    { hookPoint: `hidden_states.${layer}`, layer, operator: layer === 0 ? 'embedding' : 'residual' },
    { hookPoint: `layers.${layer}.v`, layer, operator: 'norm' },
    { hookPoint: `layers.${layer}.q`, layer, operator: 'position' },
    { hookPoint: `layers.${layer}.k`, layer, operator: 'position' },
    { hookPoint: `layers.${layer}.attn_out`, layer, operator: 'attention' },
    { hookPoint: `layers.${layer}.resid_mid`, layer, operator: 'residual' },
    { hookPoint: `layers.${layer}.mlp_out`, layer, operator: 'mlp' },
  ]);
  return [...layers.flat(), { hookPoint: `hidden_states.${numLayers}`, layer: numLayers - 1, operator: 'norm' }];
}

/** @returns null when every value agrees within the tolerance */
export function firstDivergence(config: Record<string, unknown>, before: RunResult, after: RunResult): Divergence | null {
  for (const { hookPoint, layer, operator } of probesOf(config)) {
    const [expected, got] = [before.captures[0]!.get(hookPoint)!.data, after.captures[0]!.get(hookPoint)!.data];
    const { diverges, max } = divergenceOf(expected, got);
    if (diverges) return { layer, operator, hook_point: hookPoint, max_abs_difference: Math.min(max, MAX_FLOAT32) };
  }
  return null;
}
