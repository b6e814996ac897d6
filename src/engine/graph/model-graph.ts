/** A whole model as an ONNX graph: architecture, weights, fragments, captures and taps come together here. */
import type { TensorNames } from './architecture.ts';
import { architectureOf } from './architectures.ts';
import type { ModelConfig } from './config.ts';
import { GraphError } from './errors.ts';
import type { ModelFragments } from './fragments.ts';
import { Graph } from './graph.ts';
import { hookPoints } from './hook-points.ts';
import { type KvForm, kvInputs, newKv } from './kv-inputs.ts';
import { LayerContext } from './layer-context.ts';
import { ModelContext } from './model-context.ts';
import type { Value } from './value.ts';
import { type WeightIndex, WeightValues } from './weight-values.ts';

export interface ModelGraphOptions {
  fragments: ModelFragments;
  kv: KvForm;
  /** Names of hook points that become outputs. */
  captures?: readonly string[];
  /** Names of hook points whose values each run may change. */
  taps?: readonly string[];
  /** Of weights, activations, keys and values; logits and captures are float32 always. */
  dtype?: 'float32' | 'float16';
}

export interface ModelGraph {
  /** The ONNX file, without the weights. */
  bytes: Uint8Array<ArrayBuffer>;
  inputs: readonly Value[];
  outputs: readonly Value[];
  numNodes: number;
}

/**
 * Builds the graph of a model.
 *
 * Inputs (int32): `input_ids` and `positions` [B, T], `past_lengths` and `total_lengths` [B], `max_total_length` [1],
 * `logit_rows` [N], indices into the B * T rows for which logits are wanted; past keys and values, see `KvForm`; and two
 * tensors per tap, see `tapInputs`.
 * Outputs: `logits` [N, V], `new_kv` [B * T, L * 2 * Hkv * D], and a tensor per capture: hidden states [B * T, C],
 * attention maps [B, H, T, S], heads [B, T, heads, D].
 * @throws GraphError where a fragment's shapes do not fit, or a capture or tap is not known
 */
export function buildModelGraph(
  config: ModelConfig,
  weightIndex: WeightIndex,
  { fragments, kv, captures = [], taps = [], dtype = 'float32' }: ModelGraphOptions,
): ModelGraph {
  const points = new Map(hookPoints(config).map((point) => [point.name, point]));
  for (const name of captures) if (!points.has(name)) throw new GraphError('capture', '', 'a hook point of the model', name);
  for (const name of taps) if (!points.get(name)?.tokenShape) throw new GraphError('tap', '', 'a hook point that can be changed', name);

  const g = new Graph(config.modelType, dtype);
  const inputIds = g.input('input_ids', 'int32', ['B', 'T']);
  const logitRows = g.input('logit_rows', 'int32', ['N']);
  g.defineSymbol('B', inputIds, 0);
  g.defineSymbol('T', inputIds, 1);
  const weights = new WeightValues(g, weightIndex);
  const cache = kvInputs(g, config, kv);
  const context = new ModelContext(g, config, weights, fragments, cache, new Set(captures), new Set(taps));

  const { names, emitLayer } = architectureOf(config);
  let x = embed(context, names, inputIds); // [B * T, C]
  for (const layer of config.layers) {
    const input = context.hook(`hidden_states.${layer.index}`, x);
    x = g.scope(`layers.${layer.index}`, () => emitLayer(new LayerContext(context, layer, names.layer(layer.index)), input));
  }
  const hidden = context.hook(`hidden_states.${config.numLayers}`, context.norm(x, names.finalNorm));
  const projection = weights.get(config.tieWordEmbeddings ? names.embedding : names.head); // [V, C]
  const logits = g.linear(g.gather(hidden, logitRows), { weight: projection, bias: null }); // [N, V]

  g.output('logits', boundLogits(g, config, g.cast(logits, 'float32')));
  g.output('new_kv', newKv(g, config, context.fresh));
  for (const name of captures) g.output(name, g.cast(context.captured.get(name)!, 'float32'));
  return { bytes: g.encode(), inputs: g.inputs, outputs: g.outputs, numNodes: g.nodes.length };
}

/** Token embeddings, scaled, and learned positions where there are such. [B * T, C] */
function embed({ g, config, weights, kv }: ModelContext, names: TensorNames, inputIds: Value): Value {
  const rows = g.gather(weights.get(names.embedding), g.reshape(inputIds, [-1]));
  const tokens = config.embeddingScale === 1 ? rows : g.mul(rows, config.embeddingScale);
  return names.positions ? g.add(tokens, g.gather(weights.get(names.positions), g.reshape(kv.positions, [-1]))) : tokens;
}

function boundLogits(g: Graph, { logits: { scale, softCap } }: ModelConfig, logits: Value): Value {
  return g.softCap(scale === 1 ? logits : g.mul(logits, scale), softCap);
}
