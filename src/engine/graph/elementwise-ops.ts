/** Operators that work number by number: arithmetic, functions, comparisons, choice. */
import { GraphCore } from './graph-core.ts';
import { broadcastShapes, type Dtype, show, showShape, type Value } from './value.ts';

/** A value, or a number that becomes a constant of the other side's dtype. */
export type Operand = Value | number;

export const ACTIVATIONS = ['silu', 'gelu', 'gelu_tanh', 'relu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export class ElementwiseOps extends GraphCore {
  /** A constant scalar. @param dtype the graph's own unless given */
  scalar(value: number, dtype: Dtype = this.dtype): Value {
    return this.constant([value], [], dtype);
  }

  /** A constant tensor, stored in the graph: keep it small. @param shape a vector of all values unless given */
  constant(values: ArrayLike<number>, shape: readonly number[] = [values.length], dtype: Dtype = this.dtype): Value {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (values.length !== size) this.fail('constant', `${size} values for shape ${showShape(shape)}`, `${values.length}`);
    const bytes = encode(values, dtype);
    const name = values.length <= 4 ? `constant/${dtype}[${shape.join(',')}](${Array.from(values).join(',')})` : null;
    if (name) return this.initializer(name, dtype, shape, { bytes });
    const count = this.once('constants', () => ({ next: 0 }));
    return this.initializer(`constant/${count.next++}`, dtype, shape, { bytes });
  }

  add(a: Operand, b: Operand): Value {
    return this.#binary('add', 'Add', a, b);
  }

  sub(a: Operand, b: Operand): Value {
    return this.#binary('sub', 'Sub', a, b);
  }

  mul(a: Operand, b: Operand): Value {
    return this.#binary('mul', 'Mul', a, b);
  }

  div(a: Operand, b: Operand): Value {
    return this.#binary('div', 'Div', a, b);
  }

  pow(a: Operand, b: Operand): Value {
    return this.#binary('pow', 'Pow', a, b);
  }

  max(a: Operand, b: Operand): Value {
    return this.#binary('max', 'Max', a, b);
  }

  min(a: Operand, b: Operand): Value {
    return this.#binary('min', 'Min', a, b);
  }

  neg(x: Value): Value {
    return this.#unary('Neg', x);
  }

  abs(x: Value): Value {
    return this.#unary('Abs', x);
  }

  exp(x: Value): Value {
    return this.#unary('Exp', x);
  }

  log(x: Value): Value {
    return this.#unary('Log', x);
  }

  sqrt(x: Value): Value {
    return this.#unary('Sqrt', x);
  }

  reciprocal(x: Value): Value {
    return this.#unary('Reciprocal', x);
  }

  /** On WebGPU exact to 2⁻¹¹ only, and for angles within ±π. */
  sin(x: Value): Value {
    return this.#unary('Sin', x);
  }

  /** On WebGPU exact to 2⁻¹¹ only, and for angles within ±π. */
  cos(x: Value): Value {
    return this.#unary('Cos', x);
  }

  tanh(x: Value): Value {
    return this.#unary('Tanh', x);
  }

  sigmoid(x: Value): Value {
    return this.#unary('Sigmoid', x);
  }

  erf(x: Value): Value {
    return this.#unary('Erf', x);
  }

  relu(x: Value): Value {
    return this.#unary('Relu', x);
  }

  /** `x · sigmoid(x)`, also called swish. */
  silu(x: Value): Value {
    return this.mul(x, this.sigmoid(x));
  }

  /** `x · Φ(x)` with the exact normal distribution. */
  gelu(x: Value): Value {
    return this.#unary('Gelu', x);
  }

  /** GELU by the tanh approximation, `gelu_new` of GPT-2. */
  geluTanh(x: Value): Value {
    return this.single('Gelu', [x], x.dtype, x.shape, { approximate: 'tanh' });
  }

  /** `cap · tanh(x / cap)`: what is small stays nearly as it is, and nothing goes beyond ± the cap (arXiv:2408.00118); x itself where it is null. */
  softCap(x: Value, cap: number | null): Value {
    return cap === null ? x : this.mul(this.tanh(this.div(x, cap)), cap);
  }

  activation(kind: Activation, x: Value): Value {
    switch (kind) {
      case 'silu':
        return this.silu(x);
      case 'gelu':
        return this.gelu(x);
      case 'gelu_tanh':
        return this.geluTanh(x);
      case 'relu':
        return this.relu(x);
    }
  }

  less(a: Operand, b: Operand): Value {
    return this.#binary('less', 'Less', a, b, 'bool');
  }

  lessOrEqual(a: Operand, b: Operand): Value {
    return this.#binary('lessOrEqual', 'LessOrEqual', a, b, 'bool');
  }

  greater(a: Operand, b: Operand): Value {
    return this.#binary('greater', 'Greater', a, b, 'bool');
  }

  greaterOrEqual(a: Operand, b: Operand): Value {
    return this.#binary('greaterOrEqual', 'GreaterOrEqual', a, b, 'bool');
  }

  equal(a: Operand, b: Operand): Value {
    return this.#binary('equal', 'Equal', a, b, 'bool');
  }

  and(a: Value, b: Value): Value {
    return this.#binary('and', 'And', a, b);
  }

  or(a: Value, b: Value): Value {
    return this.#binary('or', 'Or', a, b);
  }

  not(x: Value): Value {
    return this.#unary('Not', x);
  }

  /** `condition ? a : b` for each element. */
  where(condition: Value, a: Operand, b: Operand): Value {
    const [left, right] = this.#operands('where', a, b);
    if (condition.dtype !== 'bool') this.fail('where', 'a bool condition', show(condition));
    const values = broadcastShapes(left.shape, right.shape);
    const shape = values && broadcastShapes(condition.shape, values);
    if (!shape) this.fail('where', `shapes that broadcast to ${showShape(condition.shape)}`, `${show(left)} and ${show(right)}`);
    return this.single('Where', [condition, left, right], left.dtype, shape);
  }

  cast(x: Value, dtype: Dtype): Value {
    if (x.dtype === dtype) return x;
    return this.single('Cast', [x], dtype, x.shape, { to: { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 }[dtype] });
  }

  #unary(opType: string, x: Value): Value {
    return this.single(opType, [x], x.dtype, x.shape);
  }

  #binary(op: string, opType: string, a: Operand, b: Operand, dtype?: Dtype): Value {
    const [left, right] = this.#operands(op, a, b);
    const shape = broadcastShapes(left.shape, right.shape);
    if (!shape) this.fail(op, 'shapes that broadcast to one another', `${show(left)} and ${show(right)}`);
    return this.single(opType, [left, right], dtype ?? left.dtype, shape);
  }

  #operands(op: string, a: Operand, b: Operand): [Value, Value] {
    const left = typeof a === 'number' ? this.scalar(a, typeof b === 'number' ? this.dtype : b.dtype) : a;
    const right = typeof b === 'number' ? this.scalar(b, left.dtype) : b;
    if (left.dtype !== right.dtype) this.fail(op, 'two values of one dtype (g.cast changes it)', `${show(left)} and ${show(right)}`);
    return [left, right];
  }
}

function encode(values: ArrayLike<number>, dtype: Dtype): Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'float16':
      return new Uint8Array(Uint16Array.from(values, float16Bits).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(Array.from(values, BigInt)).buffer);
    case 'bool':
      return Uint8Array.from(values, Number);
  }
}

const float32 = new Float32Array(1);
const float32Bits = new Uint32Array(float32.buffer);

/** The 16 bits of the IEEE half nearest to `value` (ties to even); what is too large becomes infinity. */
export function float16Bits(value: number): number {
  float32[0] = value;
  const bits = float32Bits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // ≥ 65536, or infinite
  if (magnitude < 0x38800000) {
    // subnormal: a multiple of 2⁻²⁴
    const scaled = Math.abs(float32[0]) * 2 ** 24;
    const floor = Math.floor(scaled);
    const rest = scaled - floor;
    return sign | (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}
