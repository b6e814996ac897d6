/** The bare graph under the operators: values in, nodes, values out, and where in the model we are. */
import { GraphError } from './errors.ts';
import { type Attribute, encodeModel, type OnnxInitializer, type OnnxNode, type TensorData } from './onnx-model.ts';
import type { Dtype, Shape, Value } from './value.ts';

export interface NodeOptions {
  /** Optional inputs are left out with `null`. */
  inputs: readonly (Value | null)[];
  outputs: readonly { dtype: Dtype; shape: Shape }[];
  attributes?: Readonly<Record<string, Attribute>>;
  /** `com.microsoft` for the runtime's own operators; the ONNX operators unless given. */
  domain?: string;
}

export class GraphCore {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxInitializer>();
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #names = new Map<string, number>();
  readonly #memo = new Map<string, unknown>();
  #scope: readonly string[] = [];

  /** @param dtype of weights and activations */
  constructor(
    readonly name: string,
    readonly dtype: 'float32' | 'float16' = 'float32',
  ) {}

  /** Where in the model we are: `layers.3/attention`. */
  get place(): string {
    return this.#scope.join('/');
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get outputs(): readonly Value[] {
    return this.#outputs;
  }

  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  /** Builds a part of the model under a name, which its nodes and errors carry. */
  scope<T>(name: string, build: () => T): T {
    const outer = this.#scope;
    this.#scope = [...outer, name];
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /** Builds something the first time it is asked for by this key and gives the same again afterwards, such as a mask that all layers share. */
  once<T>(key: string, build: () => T): T {
    if (!this.#memo.has(key)) this.#memo.set(key, build());
    return this.#memo.get(key) as T;
  }

  /** A value that each run is given. */
  input(name: string, dtype: Dtype, shape: Shape): Value {
    const value: Value = { name, dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Declares `value` a result of the graph, under `name`. */
  output(name: string, value: Value): void {
    this.#nodes.push({ opType: 'Identity', domain: '', name: `output/${name}`, inputs: [value.name], outputs: [name], attributes: {} });
    this.#outputs.push({ ...value, name });
  }

  /** A tensor whose bytes are known: a weight in a buffer beside the graph, or a small constant in it. */
  initializer(name: string, dtype: Dtype, shape: readonly number[], data: TensorData): Value {
    const known = this.#initializers.get(name);
    if (known) return known.value;
    const value: Value = { name, dtype, shape };
    this.#initializers.set(name, { value, data });
    return value;
  }

  /**
   * Any operator at all, for what the builder has no method for; shapes of the outputs are the caller's word.
   * @see https://onnx.ai/onnx/operators and https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
   */
  node(opType: string, { inputs, outputs, attributes = {}, domain = '' }: NodeOptions): Value[] {
    const name = this.#unique([...this.#scope, opType].join('/'));
    const values = outputs.map(({ dtype, shape }, i): Value => ({ name: i === 0 ? name : `${name}:${i}`, dtype, shape }));
    this.#nodes.push({
      opType,
      domain,
      name,
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: values.map((value) => value.name),
      attributes,
    });
    return values;
  }

  /** The model as the bytes of an ONNX file; weights stay in their own buffers. */
  encode(): Uint8Array<ArrayBuffer> {
    return encodeModel({
      name: this.name,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
  }

  /** A node with one output. */
  protected single(
    opType: string,
    inputs: readonly (Value | null)[],
    dtype: Dtype,
    shape: Shape,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value {
    return this.node(opType, { inputs, outputs: [{ dtype, shape }], attributes, domain })[0]!;
  }

  protected fail(op: string, expected: string, got: string): never {
    throw new GraphError(op, this.place, expected, got);
  }

  #unique(name: string): string {
    const count = this.#names.get(name) ?? 0;
    this.#names.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }
}
