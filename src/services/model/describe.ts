/** What `GET /model/info` says of the active weights. */
import type { ServiceState } from '../../contract/index.ts';
import { type HookPoint, hookPoints, parseConfig } from '../../engine/graph/index.ts';
import type { ModelShape } from '../../engine/index.ts';
import type { ModelFolder, WeightTensor } from '../../engine/weights.ts';
import type { LoadedModel } from '../serving/active-model.ts';
import type { Weights } from './load.ts';

type State = ServiceState<'model'>;
type Description = Pick<
  State,
  | 'config'
  | 'num_layers'
  | 'num_attention_heads'
  | 'num_key_value_heads'
  | 'head_dim'
  | 'hidden_size'
  | 'vocab_size'
  | 'max_position_embeddings'
  | 'hook_points'
  | 'layers'
>;

export const NOTHING_LOADED: Description = {
  config: null,
  num_layers: null,
  num_attention_heads: null,
  num_key_value_heads: null,
  head_dim: null,
  hidden_size: null,
  vocab_size: null,
  max_position_embeddings: null,
  hook_points: [],
  layers: [],
};

export function describeModel({ folder, runner }: LoadedModel): Description {
  if (folder.graph) return describeOpaque(folder.config, runner.shape);
  const config = parseConfig(folder.config);
  return {
    config: asJson(folder.config),
    num_layers: config.numLayers,
    num_attention_heads: config.numHeads,
    num_key_value_heads: config.numKvHeads,
    head_dim: config.headDim,
    hidden_size: config.hiddenSize,
    vocab_size: config.vocabSize,
    max_position_embeddings: config.maxPositionEmbeddings,
    hook_points: hookPoints(config).map(({ name, shape, description, tokenShape }) => ({
      name,
      shape,
      description,
      tappable: tokenShape !== null,
    })),
    layers: layersOf(folder),
  };
}

/** Python writes `Infinity` and `NaN` into config.json, which JSON has not: both transports give them as text. */
function asJson(config: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(config, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}

/** An opaque model has none. */
export const hookPointsOf = ({ folder }: LoadedModel): HookPoint[] => (folder.graph ? [] : hookPoints(parseConfig(folder.config)));

/** An opaque model: its graph tells the cache's sizes, its config the rest, and there is nothing to hook into. */
function describeOpaque(config: Record<string, unknown>, shape: ModelShape): Description {
  const number = (name: string) => (typeof config[name] === 'number' ? config[name] : null);
  return {
    config: asJson(config),
    num_layers: shape.numLayers,
    num_attention_heads: number('num_attention_heads') ?? number('n_head'),
    num_key_value_heads: shape.numKvHeads,
    head_dim: shape.headDim,
    hidden_size: number('hidden_size') ?? number('n_embd'),
    vocab_size: shape.vocabSize,
    max_position_embeddings: shape.maxPositionEmbeddings,
    hook_points: [],
    layers: [],
  };
}

export function describeWeights({ folder, provider, computeDtype, loadedAt, loadMs }: LoadedModel): Weights {
  return {
    model_id: folder.id,
    source: folder.source,
    format: folder.graph ? 'onnx' : 'safetensors',
    architecture: folder.graph ? String(folder.config['model_type'] ?? 'unknown') : parseConfig(folder.config).architecture,
    parameters: parametersOf(folder.tensors.values()),
    bytes: folder.bytes,
    dtype: folder.graph ? folder.graph.file : [...new Set(Array.from(folder.tensors.values(), ({ dtype }) => dtype))].join(', '),
    weights_hash: folder.hash,
    execution_provider: provider,
    compute_dtype: computeDtype,
    loaded_at: loadedAt,
    load_ms: loadMs,
    from_cache: folder.fromCache,
  };
}

const sizeOf = ({ shape }: WeightTensor) => shape.reduce((a, b) => a * b, 1);

function parametersOf(tensors: Iterable<WeightTensor>): number {
  let sum = 0;
  for (const tensor of tensors) sum += sizeOf(tensor);
  return sum;
}

function layersOf({ tensors }: ModelFolder): Description['layers'] {
  const layers = new Map<number, Description['layers'][number]>();
  for (const [name, tensor] of tensors) {
    const index = /(?:^|\.)(?:layers|h)\.(\d+)\./.exec(name)?.[1];
    if (index === undefined) continue;
    const layer = layers.get(Number(index)) ?? { index: Number(index), parameters: 0, tensors: [] };
    layer.parameters += sizeOf(tensor);
    layer.tensors.push({ name, dtype: tensor.dtype, shape: [...tensor.shape] });
    layers.set(layer.index, layer);
  }
  return [...layers.values()].toSorted((a, b) => a.index - b.index);
}
