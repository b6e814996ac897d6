/** Rotary positions (arXiv:2104.09864): each pair of components of q and k turns by an angle that grows with the position. */
import type { PositionFragment } from '../../engine/graph/index.ts';

export const about = { name: 'default', rule: 'Rotary, where the architecture has no learned positions.' };

const position: PositionFragment = (g, { q, k, positions, rope }) => {
  if (!rope) return { q, k }; // learned positions were added to the embeddings
  const { cos, sin } = g.rotaryAngles(positions, rope.inverseFrequencies, rope.maxPositions); // [B, T, D / 2]
  return { q: g.rotate(q, cos, sin), k: g.rotate(k, cos, sin) };
};

export default position;
