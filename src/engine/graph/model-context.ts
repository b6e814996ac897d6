/** What an architecture needs while it emits its graph: weights, the active fragments, and the hook points that captures and taps name. */
import { attentionInputs } from './attention-inputs.ts';
import type { LayerConfig, ModelConfig } from './config.ts';
import { GraphError } from './errors.ts';
import type { MlpInputs, ModelFragments } from './fragments.ts';
import type { Graph } from './graph.ts';
import type { KvInputs } from './kv-inputs.ts';
import { tapped } from './taps.ts';
import { sameShape, show, showShape, type Shape, type Value } from './value.ts';
import type { WeightValues } from './weight-values.ts';

export class ModelContext {
  /** New keys and values, by layer. */
  readonly fresh: { k: Value; v: Value }[] = [];
  readonly captured = new Map<string, Value>();
  /** [B * T] int32 */
  readonly flatIds: Value;

  constructor(
    readonly g: Graph,
    readonly config: ModelConfig,
    readonly weights: WeightValues,
    private readonly fragments: ModelFragments,
    private readonly kv: KvInputs,
    inputIds: Value,
    private readonly captures: ReadonlySet<string>,
    private readonly taps: ReadonlySet<string>,
  ) {
    this.flatIds = g.reshape(inputIds, [-1]);
  }

  /** [B * T] int32 */
  get flatPositions(): Value {
    return this.g.reshape(this.kv.positions, [-1]);
  }

  /**
   * Offers a value to taps and captures by this name.
   * @returns what the model goes on with: the value itself, or what the tap makes of it
   */
  hook(name: string, value: Value): Value {
    const changed = this.taps.has(name) ? tapped(this.g, name, value) : value;
    if (this.captures.has(name)) this.captured.set(name, changed);
    return changed;
  }

  /** @param name the tensors are `<name>.weight` and, for LayerNorm, `<name>.bias` */
  norm(x: Value, name: string): Value {
    const { weight, bias } = this.weights.linear(name);
    return this.#fragment('norm', x.shape, () => this.fragments.norm(this.g, { x, weight, bias, ...this.config.norm }));
  }

  /**
   * Positions, cache and attention of a layer.
   * @param q [B, T, H, D]
   * @param k [B, T, Hkv, D]
   * @param v [B, T, Hkv, D]
   * @returns [B * T, H * D]
   */
  attend(layer: LayerConfig, q: Value, k: Value, v: Value): Value {
    const { g } = this;
    const placed = g.scope('position', () =>
      this.fragments.position(g, { q, k, positions: this.kv.positions, rope: this.config.rope, layer }),
    );
    this.#check('position (q)', placed.q, q.shape);
    this.#check('position (k)', placed.k, k.shape);
    const hook = (name: string, value: Value): Value => this.hook(`layers.${layer.index}.${name}`, value);
    const rotated = { q: hook('q', placed.q), k: hook('k', placed.k), v: hook('v', v) };
    this.fresh[layer.index] = rotated;
    const map = `attentions.${layer.index}`;
    const wanted = this.captures.has(map);
    const result = g.scope('attention', () => this.fragments.attention(g, attentionInputs(g, this.kv, layer, rotated, wanted)));
    const { output, probabilities } = 'output' in result ? result : { output: result, probabilities: null };
    const width = layer.numHeads * layer.headDim;
    this.#check('attention', output, ['B', 'T', width]);
    if (wanted) {
      if (!probabilities)
        throw new GraphError(
          'attention',
          g.place,
          '{ output, probabilities }, since a capture asks for the attention map',
          'the output alone',
        );
      this.#check('attention (probabilities)', probabilities, ['B', layer.numHeads, 'T', '?']);
      this.hook(map, probabilities);
    }
    return g.reshape(output, [-1, width]);
  }

  mlp(x: Value, layer: LayerConfig, weights: Pick<MlpInputs, 'gate' | 'up' | 'down'>): Value {
    return this.#fragment('mlp', x.shape, () => this.fragments.mlp(this.g, { x, ...weights, activation: this.config.activation, layer }));
  }

  /** The stream with attention's part added. [B * T, C] */
  addAttention(layer: LayerConfig, x: Value, attnOut: Value): Value {
    const name = `layers.${layer.index}`;
    return this.hook(`${name}.resid_mid`, this.g.add(x, this.hook(`${name}.attn_out`, attnOut)));
  }

  /** The end of a layer: the stream with the MLP's part added. [B * T, C] */
  addMlp(layer: LayerConfig, residMid: Value, mlpOut: Value): Value {
    return this.g.add(residMid, this.hook(`layers.${layer.index}.mlp_out`, mlpOut));
  }

  #fragment(name: string, shape: Shape, build: () => Value): Value {
    const value = this.g.scope(name, build);
    this.#check(name, value, shape);
    return value;
  }

  #check(fragment: string, value: Value, shape: Shape): void {
    const isValue = typeof value === 'object' && value !== null && Array.isArray(value.shape);
    if (!isValue) throw new GraphError(`${fragment} fragment`, this.g.place, `a value of shape ${showShape(shape)}`, String(value));
    if (!sameShape(value.shape, shape) || value.dtype !== this.g.dtype)
      throw new GraphError(`${fragment} fragment`, this.g.place, `${this.g.dtype} ${showShape(shape)}`, show(value));
  }
}
