/** The feed-forward part of a layer: gated (arXiv:2002.05202) where the architecture has a gate, plain otherwise. */
import type { MlpFragment } from '../../engine/graph/index.ts';

export const about = { name: 'default', rule: 'Gated where the architecture has a gate, plain otherwise.' };

const mlp: MlpFragment = (g, { x, gate, up, down, activation }) => {
  const raised = g.linear(x, up); // [N, I]
  const hidden = gate
    ? g.mul(g.activation(activation, g.linear(x, gate)), raised) // [N, I]
    : g.activation(activation, raised);
  return g.linear(hidden, down); // [N, C]
};

export default mlp;
