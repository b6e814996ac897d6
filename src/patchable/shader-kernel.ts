/** What a compute shader of the workbench is: its ports, sizes and cost, told once for execution, benchmarks and documentation. */

/** Tensors by port name; integers travel as numbers too. */
export type KernelTensors = Readonly<Record<string, Float32Array | Int32Array>>;
/** Values by name: the sizes, then the parameters. */
export type KernelNumbers = Readonly<Record<string, number>>;

/** The plain TypeScript that a shader is compared with. */
export type KernelReference = (inputs: KernelTensors, numbers: KernelNumbers) => Record<string, Float32Array | Int32Array>;

export interface KernelPort {
  readonly name: string;
  /** Formulas over the sizes: `rows`, `2 * half_dim`. */
  readonly shape: readonly string[];
  readonly dtype: 'float32' | 'int32';
  readonly description: string;
}

export interface KernelSize {
  readonly description: string;
  readonly maximum: number;
  /** Where a caller leaves it out. */
  readonly example: number;
}

export interface KernelParameter {
  readonly description: string;
  readonly default: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A call that a candidate must get right. */
export interface KernelCase {
  readonly sizes: KernelNumbers;
  readonly parameters?: KernelNumbers;
  /** Factor on the normally distributed inputs; 1 where it is left out. */
  readonly inputScale?: number;
}

/**
 * A shader with entry point `main`. Bindings of group 0 are the inputs in order, the outputs in order, and a uniform
 * with the sizes (u32 each) and then the parameters (f32 each), in the order in which they stand here.
 */
export interface ShaderKernel {
  readonly name: string;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly rule: string;
  /** WGSL. */
  readonly source: string;
  /** Declared as `const reference = …` at the top level of its file, from which it is shown. */
  readonly reference: KernelReference;
  readonly inputs: readonly KernelPort[];
  readonly outputs: readonly KernelPort[];
  readonly sizes: Readonly<Record<string, KernelSize>>;
  readonly parameters: Readonly<Record<string, KernelParameter>>;
  /** Workgroups of a dispatch. */
  readonly workgroups: (sizes: KernelNumbers) => readonly [number, number, number];
  /** Floating-point operations, a formula over the sizes. */
  readonly flops: string;
  /** Bytes that must be read and written. */
  readonly bytesMoved: string;
  /** Largest difference from the reference that counts as agreement. */
  readonly tolerance: number;
  /** Small ones: sizes that fill no tile or workgroup evenly, where mistakes show, and the parameters that there are. */
  readonly cases: readonly KernelCase[];
}

export const ceilDivide = (a: number, b: number): number => Math.ceil(a / b);

/** Workgroups of one axis spread over two, since an axis holds at most 65535. */
export function spread(groups: number): readonly [number, number, number] {
  const x = Math.min(groups, 32_768);
  return [x, ceilDivide(groups, x), 1];
}
