/** Taps in the graph: a hook point's value x becomes `x * scale + offset`, both given to each run. */
import type { Graph } from './graph.ts';
import type { Value } from './value.ts';

/** Names of a tap's two inputs, float32 of the shape of the value with B and T apart: [B, T, C] or [B, T, heads, D]. */
export const tapInputs = (hookPoint: string) => ({ scale: `tap_scale.${hookPoint}`, offset: `tap_offset.${hookPoint}` });

/** @param value [B * T, C] or [B, T, heads, D] */
export function tapped(g: Graph, hookPoint: string, value: Value): Value {
  const flat = value.shape.length === 2;
  const shape = flat ? ['B', 'T', value.shape[1]!] : value.shape;
  const input = (name: string): Value => {
    const given = g.cast(g.input(name, 'float32', shape), g.dtype);
    return flat ? g.reshape(given, [-1, value.shape[1]!]) : given;
  };
  const { scale, offset } = tapInputs(hookPoint);
  return g.scope('tap', () => g.add(g.mul(value, input(scale)), input(offset)));
}
