/** What an architecture needs while it emits one layer: its weights by their names there, the active fragments, and its hook points. */
import { attentionInputs } from './attention-inputs.ts';
import type { LayerConfig, ModelConfig } from './config.ts';
import { GraphError } from './errors.ts';
import type { MlpInputs } from './fragments.ts';
import type { Graph, Linear } from './graph.ts';
import type { ModelContext } from './model-context.ts';
import type { Value } from './value.ts';

export class LayerContext {
  readonly g: Graph;
  readonly config: ModelConfig;

  constructor(
    private readonly model: ModelContext,
    readonly layer: LayerConfig,
    /** What the names of its tensors begin with. */
    private readonly name: string,
  ) {
    this.g = model.g;
    this.config = model.config;
  }

  /** @param name from the layer's on: the tensors are `<layer>.<name>.weight` and, where there is one, `<layer>.<name>.bias` */
  weights(name: string): Linear {
    return this.model.weights.linear(`${this.name}.${name}`);
  }

  linear(x: Value, name: string): Value {
    return this.g.linear(x, this.weights(name));
  }

  norm(x: Value, name: string): Value {
    return this.model.norm(x, `${this.name}.${name}`);
  }

  /**
   * Positions, cache and attention.
   * @param q [B, T, H, D]
   * @param k [B, T, Hkv, D]
   * @param v [B, T, Hkv, D]
   * @returns [B * T, H * D]
   */
  attend(q: Value, k: Value, v: Value): Value {
    const { g, layer, model } = this;
    const { kv, fragments } = model;
    const placed = g.scope('position', () => fragments.position(g, { q, k, positions: kv.positions, rope: layer.rope, layer }));
    model.check('position (q)', placed.q, q.shape);
    model.check('position (k)', placed.k, k.shape);
    const rotated = { q: this.#hook('q', placed.q), k: this.#hook('k', placed.k), v: this.#hook('v', v) };
    model.fresh[layer.index] = rotated;
    const map = `attentions.${layer.index}`;
    const wanted = model.captures.has(map);
    const result = g.scope('attention', () => fragments.attention(g, attentionInputs(g, kv, layer, rotated, wanted)));
    const { output, probabilities } = 'output' in result ? result : { output: result, probabilities: null };
    const width = layer.numHeads * layer.headDim;
    model.check('attention', output, ['B', 'T', width]);
    if (wanted) {
      if (!probabilities)
        throw new GraphError(
          'attention',
          g.place,
          '{ output, probabilities }, since a capture asks for the attention map',
          'the output alone',
        );
      model.check('attention (probabilities)', probabilities, ['B', layer.numHeads, 'T', '?']);
      model.hook(map, probabilities);
    }
    return g.reshape(output, [-1, width]);
  }

  mlp(x: Value, weights: Pick<MlpInputs, 'gate' | 'up' | 'down'>): Value {
    const { config, layer, model } = this;
    return model.fragment('mlp', x.shape, () => model.fragments.mlp(this.g, { x, ...weights, activation: config.activation, layer }));
  }

  /** The stream with attention's part added. [B * T, C] */
  addAttention(x: Value, attnOut: Value): Value {
    return this.#hook('resid_mid', this.g.add(x, this.#hook('attn_out', this.#scaled(attnOut))));
  }

  /** The end of a layer: the stream with the MLP's part added. [B * T, C] */
  addMlp(residMid: Value, mlpOut: Value): Value {
    return this.g.add(residMid, this.#hook('mlp_out', this.#scaled(mlpOut)));
  }

  #scaled(x: Value): Value {
    const { residualScale } = this.config;
    return residualScale === 1 ? x : this.g.mul(x, residualScale);
  }

  #hook(name: string, value: Value): Value {
    return this.model.hook(`layers.${this.layer.index}.${name}`, value);
  }
}
