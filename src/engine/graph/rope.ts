/** Rotary position embedding: which angle per token each pair of components turns by, as the config says. */
import type { ConfigFields } from './config-fields.ts';

export interface Rope {
  theta: number;
  scaling: RopeScaling;
  /** Radians per position of pair i = 0 … D/2 − 1, scaling applied. */
  inverseFrequencies: readonly number[];
  /** Positions of the model's context. */
  maxPositions: number;
}

export type RopeScaling =
  | { type: 'none' }
  | { type: 'linear'; factor: number }
  | { type: 'llama3'; factor: number; lowFreqFactor: number; highFreqFactor: number; originalMaxPositionEmbeddings: number };

/** Reads `rope_theta` and `rope_scaling` (transformers 4) or `rope_parameters` (transformers 5). */
export function parseRope(fields: ConfigFields, headDim: number, maxPositionEmbeddings: number): Rope {
  fields.only('partial_rotary_factor', 1);
  if (headDim % 2 !== 0) fields.fail('head_dim', 'an even number, for rotary positions');
  const parameters = fields.object('rope_parameters');
  const theta = (parameters?.has('rope_theta') ? parameters : fields).positive('rope_theta', 10000);
  parameters?.only('partial_rotary_factor', 1);
  const scaling = parseScaling(parameters ?? fields.object('rope_scaling'), maxPositionEmbeddings);
  return { theta, scaling, inverseFrequencies: inverseFrequencies(theta, headDim, scaling), maxPositions: maxPositionEmbeddings };
}

function parseScaling(fields: ConfigFields | null, maxPositionEmbeddings: number): RopeScaling {
  if (!fields) return { type: 'none' };
  const key = fields.has('rope_type') ? 'rope_type' : 'type'; // `type` is the oldest spelling
  switch (fields.string(key, 'default')) {
    case 'default':
      return { type: 'none' };
    case 'linear':
      return { type: 'linear', factor: fields.positive('factor') };
    case 'llama3':
      return {
        type: 'llama3',
        factor: fields.positive('factor'),
        lowFreqFactor: fields.positive('low_freq_factor'),
        highFreqFactor: fields.positive('high_freq_factor'),
        originalMaxPositionEmbeddings: fields.size('original_max_position_embeddings', maxPositionEmbeddings),
      };
    default:
      return fields.fail(key, 'default, linear, llama3');
  }
}

function inverseFrequencies(theta: number, headDim: number, scaling: RopeScaling): number[] {
  const base = Array.from({ length: headDim / 2 }, (_, i) => theta ** ((-2 * i) / headDim));
  switch (scaling.type) {
    case 'none':
      return base;
    case 'linear':
      return base.map((frequency) => frequency / scaling.factor);
    case 'llama3': {
      const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings: context } = scaling;
      return base.map((frequency) => {
        // how often the pair turns within the original context: slow pairs are stretched, fast ones kept, others blended
        const turns = (context * frequency) / (2 * Math.PI);
        if (turns < lowFreqFactor) return frequency / factor;
        if (turns > highFreqFactor) return frequency;
        const smooth = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
        return ((1 - smooth) * frequency) / factor + smooth * frequency;
      });
    }
  }
}
