/** Weights as values of the graph: looked up by name, their bytes in buffers beside it. */
import { GraphError } from './errors.ts';
import type { Graph, Linear } from './graph.ts';
import type { Value } from './value.ts';

/** Where a weight's bytes lie, in the graph's dtype. */
export interface WeightLocation {
  /** Name of the buffer, as given to the runtime. */
  path: string;
  /** Bytes from its start. */
  offset: number;
  /** In bytes. */
  length: number;
  shape: readonly number[];
}

/** Locations by the architecture's tensor names. */
export type WeightIndex = ReadonlyMap<string, WeightLocation>;

/** An index without bytes: enough to build a graph and so to check fragments, not to run it. */
export function weightPlaceholders(tensors: readonly { name: string; shape: readonly number[] }[]): WeightIndex {
  return new Map(tensors.map(({ name, shape }) => [name, { path: 'none', offset: 0, length: 0, shape }]));
}

export class WeightValues {
  constructor(
    private readonly g: Graph,
    private readonly index: WeightIndex,
  ) {}

  has(name: string): boolean {
    return this.index.has(name);
  }

  get(name: string): Value {
    const location = this.index.get(name);
    if (!location) throw new GraphError('weights.get', this.g.place, 'a tensor of the model', name);
    return this.g.initializer(name, this.g.dtype, location.shape, location);
  }

  /** The layer whose tensors are `<name>.weight` and, where it has one, `<name>.bias`. */
  linear(name: string): Linear {
    return { weight: this.get(`${name}.weight`), bias: this.has(`${name}.bias`) ? this.get(`${name}.bias`) : null };
  }
}
