/** Operators that move numbers without changing them, and those that reduce an axis. */
import { ElementwiseOps } from './elementwise-ops.ts';
import { addDims, type Dim, divideDims, sameDim, type Shape, show, showShape, UNKNOWN, type Value } from './value.ts';

export class TensorOps extends ElementwiseOps {
  readonly #symbols = new Map<string, { value: Value; axis: number }>();

  /** Makes a symbol of `value`'s shape known, so that `reshape` can ask for it at run time. */
  defineSymbol(symbol: string, value: Value, axis: number): void {
    this.#symbols.set(symbol, { value, axis });
  }

  /** @param shape sizes, symbols such as `B` and `T`, and at most one -1 for what is left over */
  reshape(x: Value, shape: Shape): Value {
    const rest = shape.indexOf(-1);
    const inferred =
      rest < 0
        ? null
        : divideDims(
            x.shape,
            shape.filter((_, i) => i !== rest),
          );
    const fits = rest < 0 ? sameDim(divideDims(x.shape, shape) ?? 0, 1) : inferred !== null;
    if (!fits || shape.lastIndexOf(-1) !== rest) this.fail('reshape', `as many elements as ${show(x)}`, showShape(shape));
    const target = shape.map((dim, i) => (i === rest ? inferred! : dim));
    return this.single('Reshape', [x, this.#targetShape(x, shape)], x.dtype, target);
  }

  /** @param permutation which axis of `x` each axis of the result is */
  transpose(x: Value, permutation: readonly number[]): Value {
    const sorted = permutation.toSorted((a, b) => a - b);
    if (sorted.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      this.fail('transpose', `a permutation of the ${x.shape.length} axes of ${show(x)}`, showShape(permutation));
    }
    return this.single(
      'Transpose',
      [x],
      x.dtype,
      permutation.map((axis) => x.shape[axis]!),
      { perm: permutation },
    );
  }

  unsqueeze(x: Value, axis: number): Value {
    const at = this.axis('unsqueeze', x, axis, x.shape.length + 1);
    return this.single('Unsqueeze', [x, this.ints([at])], x.dtype, x.shape.toSpliced(at, 0, 1));
  }

  squeeze(x: Value, axis: number): Value {
    const at = this.axis('squeeze', x, axis);
    if (x.shape[at] !== 1) this.fail('squeeze', `an axis of size 1`, `axis ${axis} of ${show(x)}`);
    return this.single('Squeeze', [x, this.ints([at])], x.dtype, x.shape.toSpliced(at, 1));
  }

  concat(values: readonly Value[], axis: number): Value {
    const first = values[0] ?? this.fail('concat', 'at least one value', 'none');
    const at = this.axis('concat', first, axis);
    for (const value of values) {
      const fits =
        value.dtype === first.dtype &&
        value.shape.length === first.shape.length &&
        value.shape.every((dim, i) => i === at || sameDim(dim, first.shape[i]!));
      if (!fits) this.fail('concat', `values like ${show(first)} but for axis ${axis}`, show(value));
    }
    const size = values.map((value) => value.shape[at]!).reduce(addDims);
    return this.single('Concat', values, first.dtype, first.shape.with(at, size), { axis: at });
  }

  /** Elements `start` to `end` (exclusive; negative counts from the end) of an axis. */
  slice(x: Value, axis: number, start: number, end: number = Number.MAX_SAFE_INTEGER): Value {
    const at = this.axis('slice', x, axis);
    const size = x.shape[at]!;
    let length: Dim = UNKNOWN;
    if (typeof size === 'number') {
      const resolve = (index: number): number => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
      length = Math.max(resolve(end) - resolve(start), 0);
    }
    return this.single(
      'Slice',
      [x, this.ints([start]), this.ints([end]), this.ints([at]), this.ints([1])],
      x.dtype,
      x.shape.with(at, length),
    );
  }

  /** Cuts an axis into parts of these sizes. */
  split(x: Value, sizes: readonly number[], axis: number): Value[] {
    const at = this.axis('split', x, axis);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (!sameDim(x.shape[at]!, total))
      this.fail('split', `sizes that add up to axis ${axis} of ${show(x)}`, `${sizes.join(' + ')} = ${total}`);
    return this.node('Split', {
      inputs: [x, this.ints(sizes)],
      outputs: sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.with(at, size) })),
      attributes: { axis: at },
    });
  }

  /** Rows of `x` along `axis`, by `indices` (int32 or int64); the axis is replaced by the shape of `indices`. */
  gather(x: Value, indices: Value, axis = 0): Value {
    const at = this.axis('gather', x, axis);
    if (indices.dtype !== 'int32' && indices.dtype !== 'int64') this.fail('gather', 'int32 or int64 indices', show(indices));
    return this.single('Gather', [x, indices], x.dtype, x.shape.toSpliced(at, 1, ...indices.shape), { axis: at });
  }

  /** Repeats each index of an axis `count` times: [a, b] becomes [a, a, b, b]. */
  repeat(x: Value, axis: number, count: number): Value {
    if (count === 1) return x;
    const at = this.axis('repeat', x, axis);
    const size = x.shape[at]!;
    if (typeof size !== 'number') this.fail('repeat', 'an axis of known size', `axis ${axis} of ${show(x)}`);
    const split = this.unsqueeze(x, at + 1);
    const ones = split.shape.map((_, i) => (i === at + 1 ? count : 1));
    const expanded = this.single('Expand', [split, this.ints(ones)], x.dtype, split.shape.with(at + 1, count));
    return this.reshape(expanded, x.shape.with(at, size * count));
  }

  sum(x: Value, axis: number): Value {
    return this.#reduce('ReduceSum', x, axis);
  }

  mean(x: Value, axis: number): Value {
    return this.#reduce('ReduceMean', x, axis);
  }

  maximum(x: Value, axis: number): Value {
    return this.#reduce('ReduceMax', x, axis);
  }

  /** The numbers 0, 1, … up to a size of `x`, which may be known only at run time. */
  range(x: Value, axis: number, dtype: 'int32' | 'int64' = 'int32'): Value {
    const at = this.axis('range', x, axis);
    const size = x.shape[at]!;
    if (typeof size === 'number')
      return this.constant(
        Array.from({ length: size }, (_, i) => i),
        [size],
        dtype,
      );
    return this.once(`range/${size}/${dtype}/${size === UNKNOWN ? x.name : ''}`, () => {
      const length = this.squeeze(this.#size(x, at), 0);
      const range = this.single('Range', [this.scalar(0, 'int64'), length, this.scalar(1, 'int64')], 'int64', [size]);
      return this.cast(range, dtype);
    });
  }

  /** An int64 vector, as operators take sizes and axes. */
  protected ints(values: readonly number[]): Value {
    return this.constant(values, [values.length], 'int64');
  }

  /** `axis` counted from 0, checked. */
  protected axis(op: string, x: Value, axis: number, rank = x.shape.length): number {
    const at = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(axis) || at < 0 || at >= rank) this.fail(op, `an axis of ${show(x)}`, `${axis}`);
    return at;
  }

  /** The axis stays, with size 1. */
  #reduce(opType: string, x: Value, axis: number): Value {
    const at = this.axis(opType, x, axis);
    return this.single(opType, [x, this.ints([at])], x.dtype, x.shape.with(at, 1), { keepdims: 1 });
  }

  /** The size of an axis at run time. [1] int64 */
  #size(x: Value, axis: number): Value {
    return this.single('Shape', [x], 'int64', [1], { start: axis, end: axis + 1 });
  }

  /** The shape operand of Reshape: 0 copies an axis, -1 is what is left; other symbols are looked up at run time. */
  #targetShape(x: Value, shape: Shape): Value {
    const free = shape.includes(-1);
    const copied = shape.map((dim, i) => (typeof dim === 'string' && dim === x.shape[i] ? 0 : dim));
    const unknown = copied.filter((dim) => typeof dim === 'string');
    if (unknown.length === 0) return this.ints(copied as number[]);
    if (unknown.length === 1 && !free) return this.ints(copied.map((dim) => (typeof dim === 'string' ? -1 : dim)));
    return this.once(`shape/${copied.join(',')}`, () =>
      this.concat(
        copied.map((dim) => {
          if (typeof dim === 'number') return this.ints([dim]);
          const symbol =
            this.#symbols.get(dim) ??
            this.fail('reshape', `sizes known from the inputs (${[...this.#symbols.keys()].join(', ')})`, showShape(shape));
          return this.#size(symbol.value, symbol.axis);
        }),
        0,
      ),
    );
  }
}
