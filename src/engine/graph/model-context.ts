/** What a model's graph is emitted with: weights, the active fragments, and the hook points that captures and taps name. */
import type { ModelConfig } from './config.ts';
import { GraphError } from './errors.ts';
import type { ModelFragments } from './fragments.ts';
import type { Graph } from './graph.ts';
import type { KvInputs } from './kv-inputs.ts';
import { tapped } from './taps.ts';
import { sameShape, show, showShape, type Shape, type Value } from './value.ts';
import type { WeightValues } from './weight-values.ts';

export class ModelContext {
  /** New keys and values, by layer. */
  readonly fresh: { k: Value; v: Value }[] = [];
  readonly captured = new Map<string, Value>();

  constructor(
    readonly g: Graph,
    readonly config: ModelConfig,
    readonly weights: WeightValues,
    readonly fragments: ModelFragments,
    readonly kv: KvInputs,
    readonly captures: ReadonlySet<string>,
    private readonly taps: ReadonlySet<string>,
  ) {}

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
    const { g } = this;
    const { kind, epsilon, offset } = this.config.norm;
    const { weight: stored, bias } = this.weights.linear(name);
    const weight = offset === 0 ? stored : g.once(`${name}/offset`, () => g.add(stored, offset));
    return this.fragment('norm', x.shape, () => this.fragments.norm(g, { x, weight, bias, epsilon, kind }));
  }

  /** What a fragment builds, which must have the shape that the model goes on with. */
  fragment(name: string, shape: Shape, build: () => Value): Value {
    const value = this.g.scope(name, build);
    this.check(name, value, shape);
    return value;
  }

  check(fragment: string, value: Value, shape: Shape): void {
    const isValue = typeof value === 'object' && value !== null && Array.isArray(value.shape);
    if (!isValue) throw new GraphError(`${fragment} fragment`, this.g.place, `a value of shape ${showShape(shape)}`, String(value));
    if (!sameShape(value.shape, shape) || value.dtype !== this.g.dtype)
      throw new GraphError(`${fragment} fragment`, this.g.place, `${this.g.dtype} ${showShape(shape)}`, show(value));
  }
}
