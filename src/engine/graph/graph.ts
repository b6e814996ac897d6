/** The graph builder that fragments write against: everything below plus the operators of neural networks. */
import { DIRECT_POSITIONS, FINE_POSITIONS, type RotaryTable, rotaryTable } from './rotary-tables.ts';
import { TensorOps } from './tensor-ops.ts';
import { broadcastShapes, sameDim, sameShape, show, showShape, type Value } from './value.ts';

/** A linear layer as Hugging Face stores it. */
export interface Linear {
  /** [out, in] */
  weight: Value;
  /** [out] */
  bias: Value | null;
  /** The weight is [in, out], as in GPT-2's Conv1D. */
  transposed?: boolean;
}

export interface FusedAttention {
  numHeads: number;
  numKvHeads: number;
  /** Factor on the scores, usually 1 / sqrt(head dim). */
  scale: number;
  /** Keys in the past's buffers that count, plus new tokens. [B] int32 */
  totalLengths: Value;
  /** The largest of `totalLengths`, known before the run. [1] int32 */
  maxTotalLength: Value;
  /** How many keys a query sees, itself included; all when null. */
  slidingWindow: number | null;
  /** Scores are kept within ± this. The operator heeds it on WASM alone. */
  softCap: number | null;
}

/**
 * Builds an ONNX graph out of typed values. Every method checks dtypes and shapes when it is called, so that a mistake
 * is a `GraphError` that names the operation and the layer, long before anything runs.
 * @example
 * const scores = g.mul(g.matmul(q, g.transpose(k, [0, 1, 3, 2])), scale); // [B, H, T, S]
 * const output = g.matmul(g.softmax(g.add(scores, mask), -1), v); // [B, H, T, D]
 */
export class Graph extends TensorOps {
  /** `[…, M, K] × […, K, N]`, leading axes broadcast. */
  matmul(a: Value, b: Value): Value {
    const [m, k] = [a.shape.at(-2), a.shape.at(-1)];
    const [k2, n] = [b.shape.at(-2), b.shape.at(-1)];
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    if (m === undefined || k2 === undefined || a.dtype !== b.dtype || !sameDim(k!, k2) || !batch) {
      this.fail('matmul', '[…, M, K] and […, K, N] of one dtype', `${show(a)} and ${show(b)}`);
    }
    return this.single('MatMul', [a, b], a.dtype, [...batch, m, n!]);
  }

  /**
   * `x · Wᵀ + b`. [N, in] → [N, out]; further leading axes are allowed and kept.
   *
   * Runs as Gemm on the layout of the file, so that weights are used where they lie. Measured on WASM (fp32, one thread,
   * in = out = 576 … 1536 and 576 → 49152, GFLOP/s at M = 1 / 8 / 64): Gemm with transB 12–15 / 19–30 / 26–33, MatMul on
   * transposed copies 11–15 / 19–30 / 31–33; the runtime packs constant weights either way (unpacked: 2–6 / 15–20 / 25–31).
   */
  linear(x: Value, { weight, bias, transposed = false }: Linear): Value {
    const [outputs, inputs] = transposed ? [weight.shape[1], weight.shape[0]] : weight.shape;
    if (weight.shape.length !== 2 || x.dtype !== weight.dtype || !sameDim(x.shape.at(-1) ?? -1, inputs!)) {
      this.fail('linear', `${weight.dtype} […, ${inputs}] for a weight of ${showShape(weight.shape)}`, show(x));
    }
    if (bias && (bias.shape.length !== 1 || !sameDim(bias.shape[0]!, outputs!)))
      this.fail('linear', `a bias of shape [${outputs}]`, show(bias));
    const rows = x.shape.length === 2 ? x : this.reshape(x, [-1, inputs!]);
    const y = this.single(
      'Gemm',
      bias ? [rows, weight, bias] : [rows, weight],
      x.dtype,
      [rows.shape[0]!, outputs!],
      transposed ? {} : { transB: 1 },
    );
    return x.shape.length === 2 ? y : this.reshape(y, [...x.shape.slice(0, -1), outputs!]);
  }

  softmax(x: Value, axis = -1): Value {
    return this.single('Softmax', [x], x.dtype, x.shape, { axis: this.axis('softmax', x, axis) });
  }

  /** `x / sqrt(mean(x²) + ε) · weight` over the last axis (arXiv:1910.07467). */
  rmsNorm(x: Value, weight: Value, epsilon: number): Value {
    this.#checkNorm('rmsNorm', x, weight);
    return this.single('SimplifiedLayerNormalization', [x, weight], x.dtype, x.shape, { axis: -1, epsilon: { float: epsilon } });
  }

  /** `(x − mean) / sqrt(var + ε) · weight + bias` over the last axis (arXiv:1607.06450). */
  layerNorm(x: Value, weight: Value, bias: Value | null, epsilon: number): Value {
    this.#checkNorm('layerNorm', x, weight);
    if (bias) this.#checkNorm('layerNorm', x, bias);
    return this.single('LayerNormalization', [x, weight, bias], x.dtype, x.shape, { axis: -1, epsilon: { float: epsilon } });
  }

  /**
   * Cosines and sines of `position · frequency`, [B, T, D / 2] each, for `rotate`.
   * Looked up in tables: WGSL's own are exact to 2⁻¹¹ only and nowhere beyond ±π (https://www.w3.org/TR/WGSL/#concrete-float-accuracy).
   * @param positions [B, T] int32
   * @param inverseFrequencies radians per position of each pair, D / 2 of them
   * @param maxPositions positions stay below this
   */
  rotaryAngles(positions: Value, inverseFrequencies: readonly number[], maxPositions: number): { cos: Value; sin: Value } {
    const key = `rotaryAngles/${positions.name}/${maxPositions}/${inverseFrequencies.join()}`; // layers share them
    return this.once(key, () => this.#rotaryAngles(positions, inverseFrequencies, maxPositions));
  }

  #rotaryAngles(positions: Value, inverseFrequencies: readonly number[], maxPositions: number): { cos: Value; sin: Value } {
    const lookup = ({ cos, sin, shape }: RotaryTable, rows: Value): { cos: Value; sin: Value } => ({
      cos: this.gather(this.constant(cos, shape, 'float32'), rows),
      sin: this.gather(this.constant(sin, shape, 'float32'), rows),
    });
    const done = ({ cos, sin }: { cos: Value; sin: Value }): { cos: Value; sin: Value } => ({
      cos: this.cast(cos, this.dtype),
      sin: this.cast(sin, this.dtype),
    });
    if (maxPositions <= DIRECT_POSITIONS) return done(lookup(rotaryTable(inverseFrequencies, maxPositions), positions));
    const steps = this.div(positions, FINE_POSITIONS); // [B, T], rounded down
    const rest = this.sub(positions, this.mul(steps, FINE_POSITIONS));
    const a = lookup(rotaryTable(inverseFrequencies, Math.ceil(maxPositions / FINE_POSITIONS), FINE_POSITIONS), steps);
    const b = lookup(rotaryTable(inverseFrequencies, FINE_POSITIONS), rest);
    return done({
      cos: this.sub(this.mul(a.cos, b.cos), this.mul(a.sin, b.sin)),
      sin: this.add(this.mul(a.sin, b.cos), this.mul(a.cos, b.sin)),
    });
  }

  /**
   * Rotates pairs of components (i, i + R/2) by an angle of their own for each token (arXiv:2104.09864); those from R on stay.
   * @param x [B, T, H, D]
   * @param cos cosines of the angles, [B, T, R/2], R ≤ D
   * @param sin sines of the angles, [B, T, R/2]
   */
  rotate(x: Value, cos: Value, sin: Value): Value {
    const [batch, tokens, heads, dim] = x.shape;
    const half = cos.shape.at(-1);
    const angles = [batch!, tokens!, half!];
    if (
      x.shape.length !== 4 ||
      typeof heads !== 'number' ||
      typeof dim !== 'number' ||
      typeof half !== 'number' ||
      2 * half > dim ||
      !sameShape(cos.shape, angles) ||
      !sameShape(sin.shape, angles)
    ) {
      this.fail('rotate', 'x of [B, T, H, D] with cos and sin of [B, T, R / 2], R ≤ D', `${show(x)}, ${show(cos)} and ${show(sin)}`);
    }
    if (2 * half < dim) {
      const [turning, staying] = this.split(x, [2 * half, dim - 2 * half], -1);
      return this.concat([this.rotate(turning!, cos, sin), staying!], -1);
    }
    // RotaryEmbedding looks rows of a table up by position; here the table has a row for each token of the batch.
    const table = (angle: Value): Value => this.once(`rotate/${angle.name}`, () => this.reshape(angle, [-1, half]));
    const rows = this.once(`rotate/rows/${batch}/${tokens}`, () => {
      const all = this.range(table(cos), 0, 'int64'); // [B * T]
      return this.reshape(all, [batch!, tokens!]);
    });
    const flat = this.reshape(x, [batch!, tokens!, heads * dim]);
    const rotated = this.single(
      'RotaryEmbedding',
      [flat, rows, table(cos), table(sin)],
      x.dtype,
      flat.shape,
      { num_heads: heads, rotary_embedding_dim: 0 },
      'com.microsoft',
    );
    return this.reshape(rotated, x.shape);
  }

  /**
   * The runtime's fused attention over past and new tokens, causal, with fewer K/V heads than query heads if need be.
   * Past buffers may be longer than what counts in them. Several new tokens on top of a past need a batch of 1.
   * @param q [B, T, H * D]
   * @param k new keys, [B, T, Hkv * D]
   * @param v new values, [B, T, Hkv * D]
   * @param pastK [B, Hkv, P, D]
   * @param pastV [B, Hkv, P, D]
   * @returns [B, T, H * D]
   * @see https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
   */
  groupQueryAttention(q: Value, k: Value, v: Value, pastK: Value, pastV: Value, options: FusedAttention): Value {
    const { numHeads, numKvHeads, scale, totalLengths, maxTotalLength, slidingWindow, softCap } = options;
    if (numHeads % numKvHeads !== 0) this.fail('groupQueryAttention', `query heads in groups of ${numKvHeads}`, `${numHeads} heads`);
    if (q.shape.length !== 3 || k.shape.length !== 3 || pastK.shape.length !== 4 || !sameDim(pastK.shape[1]!, numKvHeads)) {
      this.fail(
        'groupQueryAttention',
        'q of [B, T, H * D], k and v of [B, T, Hkv * D], past of [B, Hkv, P, D]',
        `${show(q)}, ${show(k)}, ${show(v)}, ${show(pastK)}`,
      );
    }
    const present = { dtype: k.dtype, shape: pastK.shape.with(2, '?') };
    const lastKeys = this.once(`lastKeys/${totalLengths.name}`, () => this.sub(totalLengths, 1));
    const [output] = this.node('GroupQueryAttention', {
      inputs: [q, k, v, pastK, pastV, lastKeys, maxTotalLength],
      outputs: [{ dtype: q.dtype, shape: q.shape }, present, present],
      attributes: {
        num_heads: numHeads,
        kv_num_heads: numKvHeads,
        scale: { float: scale },
        ...(slidingWindow === null ? {} : { local_window_size: slidingWindow }),
        ...(softCap === null ? {} : { softcap: { float: softCap } }),
      },
      domain: 'com.microsoft',
    });
    return output!;
  }

  #checkNorm(op: string, x: Value, weight: Value): void {
    if (weight.shape.length !== 1 || weight.dtype !== x.dtype || !sameDim(weight.shape[0]!, x.shape.at(-1)!)) {
      this.fail(op, `a weight of ${x.dtype} [${x.shape.at(-1)}]`, show(weight));
    }
  }
}
