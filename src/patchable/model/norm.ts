/** Normalisation over the last axis: RMSNorm (arXiv:1910.07467) or LayerNorm (arXiv:1607.06450), as the architecture has it. */
import type { NormFragment } from '../../engine/graph/index.ts';

export const about = { name: 'default', rule: 'RMSNorm or LayerNorm, as the architecture has it.' };

const norm: NormFragment = (g, { x, weight, bias, epsilon, kind }) =>
  kind === 'rms_norm'
    ? g.rmsNorm(x, weight, epsilon) // x / sqrt(mean(x²) + ε) · weight
    : g.layerNorm(x, weight, bias, epsilon); // (x − mean) / sqrt(var + ε) · weight + bias

export default norm;
