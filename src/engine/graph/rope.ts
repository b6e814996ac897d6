/** Rotary position embedding: which angle per token each pair of components turns by, as the config says. */
import { type ConfigFields, MOST } from './config-fields.ts';

export interface Rope {
  theta: number;
  scaling: RopeScaling;
  /** Radians per position of pair i = 0 … R/2 − 1, scaling applied; where R is less than the head dim, the components from R on do not turn. */
  inverseFrequencies: readonly number[];
  /** Positions of the model's context. */
  maxPositions: number;
}

export type RopeScaling =
  | { type: 'none' }
  | { type: 'linear'; factor: number }
  | { type: 'llama3'; factor: number; lowFreqFactor: number; highFreqFactor: number; originalMaxPositionEmbeddings: number };

interface OwnField {
  name: string;
  fallback: number;
}

/** What an architecture calls the base and, where only a part of each head turns, its share; with its defaults. */
interface RopeNames {
  theta: OwnField;
  share: OwnField | null;
}

const NAMES: RopeNames = { theta: { name: 'rope_theta', fallback: 10000 }, share: null };

/**
 * Reads `rope_theta` beside `rope_scaling` (transformers 4) or `rope_parameters` (transformers 5). Where both stand there, the older
 * one counts and the newer one not at all, as in transformers; where the older one is empty or null, it is not there.
 */
export function parseRope(fields: ConfigFields, headDim: number, maxPositionEmbeddings: number, own: RopeNames = NAMES): Rope {
  return ropeOf(fields, fields.filled('rope_scaling') ?? fields.filled('rope_parameters'), headDim, maxPositionEmbeddings, own);
}

/** @param parameters where base and scaling stand; null: nowhere but outside */
export function ropeOf(
  fields: ConfigFields,
  parameters: ConfigFields | null,
  headDim: number,
  maxPositionEmbeddings: number,
  own: RopeNames,
): Rope {
  if (headDim > MOST.headDim) fields.fail('head_dim', `at most ${MOST.headDim} components of a head`);
  if (maxPositionEmbeddings > MOST.rotaryPositions) fields.fail('max_position_embeddings', `at most ${MOST.rotaryPositions} positions`);
  const theta = parameters?.has('rope_theta') ? parameters.positive('rope_theta') : fields.positive(own.theta.name, own.theta.fallback);
  const rotaryDim = parseRotaryDim(fields, parameters, headDim, own);
  const scaling = parameters ? parseScaling(parameters, fields, maxPositionEmbeddings) : ({ type: 'none' } as const);
  return { theta, scaling, inverseFrequencies: inverseFrequencies(theta, rotaryDim, scaling), maxPositions: maxPositionEmbeddings };
}

/** Of each head, how many components turn. */
function parseRotaryDim(fields: ConfigFields, parameters: ConfigFields | null, headDim: number, { share }: RopeNames): number {
  if (!share) {
    fields.only('partial_rotary_factor', 1);
    parameters?.only('partial_rotary_factor', 1);
    if (headDim % 2 !== 0) fields.fail('head_dim', 'an even number, for rotary positions');
    return headDim;
  }
  const [source, name] = parameters?.has('partial_rotary_factor') ? [parameters, 'partial_rotary_factor'] : [fields, share.name];
  const rotaryDim = Math.floor(headDim * source.positive(name, share.fallback));
  if (rotaryDim > headDim || rotaryDim < 2 || rotaryDim % 2 !== 0)
    source.fail(name, `a share of at most 1 that makes an even number of the ${headDim} components of a head`);
  return rotaryDim;
}

const ROPE_TYPES = 'default, linear, llama3';
/** What may stand beside no type; anything else asks for a scaling that is not named. */
const UNSCALED = ['type', 'rope_type', 'rope_theta', 'partial_rotary_factor'];

function parseScaling(parameters: ConfigFields, fields: ConfigFields, maxPositionEmbeddings: number): RopeScaling {
  for (const name of parameters.names()) {
    if (parameters.isObject(name)) parameters.fail(name, 'a number or a string: one set of parameters, the same for all layers');
  }
  const key = parameters.has('rope_type') ? 'rope_type' : 'type'; // `type` is the oldest spelling
  if (!parameters.has(key)) {
    const scales = parameters.names().some((name) => parameters.has(name) && !UNSCALED.includes(name));
    return scales ? parameters.fail('rope_type', ROPE_TYPES) : { type: 'none' };
  }
  switch (parameters.string(key)) {
    case 'default':
      return { type: 'none' };
    case 'linear':
      return { type: 'linear', factor: parameters.positive('factor') };
    case 'llama3': {
      const context = fields.has('original_max_position_embeddings') ? fields : parameters;
      return {
        type: 'llama3',
        factor: parameters.positive('factor'),
        lowFreqFactor: parameters.positive('low_freq_factor'),
        highFreqFactor: parameters.positive('high_freq_factor'),
        originalMaxPositionEmbeddings: context.size('original_max_position_embeddings', maxPositionEmbeddings),
      };
    }
    default:
      return parameters.fail(key, ROPE_TYPES);
  }
}

function inverseFrequencies(theta: number, rotaryDim: number, scaling: RopeScaling): number[] {
  const base = Array.from({ length: rotaryDim / 2 }, (_, i) => theta ** ((-2 * i) / rotaryDim));
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
