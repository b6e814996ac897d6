/** Compares the tensors of a model folder with what the architecture expects, and lists every difference. */
import type { WeightTensor } from '../weights.ts';
import { norm, type Parameter } from './architecture.ts';
import { architectureOf } from './architectures.ts';
import type { ModelConfig } from './config.ts';
import { type WeightProblem, WeightsError } from './errors.ts';
import { showShape } from './value.ts';

const BYTES: Record<string, number> = { F32: 4, F16: 2, BF16: 2 };

/** A tensor that the weights must hold. */
export interface ExpectedTensor {
  /** As in the published checkpoints, with the prefix. */
  name: string;
  shape: readonly number[];
  /** Null outside the layers. */
  layer: number | null;
}

export interface VerifiedTensor extends ExpectedTensor {
  /** Its name in the file, where some checkpoints leave the prefix out. */
  fileName: string;
  tensor: WeightTensor;
}

export interface VerifiedWeights {
  tensors: readonly VerifiedTensor[];
  /** Tensors of the file that the model does not use, such as stored masks or a tied output projection. */
  ignored: readonly string[];
  /** Weights in the model; a tied one counts once. */
  parameters: number;
}

/** The tensors that the weights of a model must hold. */
export function expectedTensors(config: ModelConfig): ExpectedTensor[] {
  const { names, layerTensors } = architectureOf(config);
  const { vocabSize, hiddenSize, maxPositionEmbeddings, tieWordEmbeddings } = config;
  const outside = (parameters: readonly Parameter[]) => parameters.map(([name, shape]) => ({ name, shape, layer: null }));
  const ofLayer = layerTensors(config);
  return [
    ...outside([[names.embedding, [vocabSize, hiddenSize]]]),
    ...outside(names.positions ? [[names.positions, [maxPositionEmbeddings, hiddenSize]]] : []),
    ...config.layers.flatMap(({ index }) =>
      ofLayer.map(([name, shape]) => ({ name: `${names.layer(index)}.${name}`, shape, layer: index })),
    ),
    ...outside(norm(names.finalNorm, hiddenSize, config.norm.kind)),
    ...outside(tieWordEmbeddings ? [] : [[names.head, [vocabSize, hiddenSize]]]),
  ];
}

/** @throws WeightsError lists every tensor that is missing or has the wrong shape, dtype or size */
export function verifyWeights(config: ModelConfig, tensors: ReadonlyMap<string, WeightTensor>): VerifiedWeights {
  const { prefix } = architectureOf(config).names;
  const problems: WeightProblem[] = [];
  const verified: VerifiedTensor[] = [];
  for (const expected of expectedTensors(config)) {
    const { name, shape } = expected;
    const fileName = tensors.has(name) ? name : name.startsWith(prefix) ? name.slice(prefix.length) : name;
    const tensor = tensors.get(fileName);
    const problem = tensor
      ? differences(name, shape, tensor)
      : { kind: 'missing' as const, tensor: name, expected: showShape(shape), got: 'nothing' };
    if (problem) problems.push(problem);
    else verified.push({ ...expected, fileName, tensor: tensor! });
  }
  if (problems.length > 0) throw new WeightsError(problems);
  const used = new Set(verified.map(({ fileName }) => fileName));
  return {
    tensors: verified,
    ignored: Array.from(tensors.keys()).filter((name) => !used.has(name)),
    parameters: verified.reduce((sum, { shape }) => sum + size(shape), 0),
  };
}

function differences(name: string, shape: readonly number[], { dtype, shape: got, bytes }: WeightTensor): WeightProblem | null {
  if (!Object.hasOwn(BYTES, dtype)) return { kind: 'dtype', tensor: name, expected: Object.keys(BYTES).join(', '), got: dtype };
  if (got.length !== shape.length || got.some((dim, i) => dim !== shape[i]))
    return { kind: 'shape', tensor: name, expected: showShape(shape), got: showShape(got) };
  const length = size(shape) * BYTES[dtype]!;
  return bytes.byteLength === length ? null : { kind: 'size', tensor: name, expected: `${length} bytes`, got: `${bytes.byteLength}` };
}

const size = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);
