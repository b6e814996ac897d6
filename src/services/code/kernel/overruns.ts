/**
 * Finds what a shader takes from, or leaves, where it has no business. WebGPU moves an access beyond a buffer inside it and says nothing:
 * so the bindings are made longer than the kernel says, what lies there is filled with poison, and the shader run with one poison and
 * with another. Outputs that differ depend on what lies there; poison that is gone was written over.
 */
import type { Values } from '../../../ports/shaders.ts';

/** By which each storage binding is made longer. */
export const PADDING_BYTES = 256;
const PADDING = PADDING_BYTES / 4;

/** As bits: a NaN, and a number near the largest, since a maximum may pass over a NaN. */
export const POISONS = [0x7fc0_0bad, 0x7ef0_0bad] as const;

/** What of the bindings is poisoned; the rest of what is not theirs is zero. */
export interface Poisoned {
  /** Bindings whose padding is. */
  padding: (binding: number) => boolean;
  /** Outputs that hold poison before the run. */
  outputs: (binding: number) => boolean;
}

export const ALL_POISONED: Poisoned = { padding: () => true, outputs: () => true };

interface Bindings {
  inputs: readonly Values[];
  outputs: readonly { dtype: 'float32' | 'int32'; length: number }[];
}

/** The same bindings, longer. */
export function padded({ inputs, outputs }: Bindings, poison: number, where: Poisoned) {
  return {
    inputs: inputs.map((values, binding) => {
      const all = bits(values.length + PADDING, where.padding(binding) ? poison : 0);
      all.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
      return values instanceof Float32Array ? new Float32Array(all.buffer) : new Int32Array(all.buffer);
    }),
    outputs: outputs.map(({ dtype, length }, i) => {
      const binding = inputs.length + i;
      const all = bits(length + PADDING, where.padding(binding) ? poison : 0);
      all.fill(where.outputs(binding) ? poison : 0, 0, length);
      return { dtype, length: all.length, initial: dtype === 'float32' ? new Float32Array(all.buffer) : new Int32Array(all.buffer) };
    }),
  };
}

const bits = (length: number, value: number): Uint32Array<ArrayBuffer> => new Uint32Array(length).fill(value);

/** Whether something else than the poison lies behind an output. */
export const isOverwritten = (output: Values, length: number, poison: number): boolean =>
  new Uint32Array(output.buffer, output.byteOffset, output.length).subarray(length).some((word) => word !== poison);

/** The first place where two runs differ by more than rounding; -1 where there is none. */
export function firstDifference(a: Values, b: Values, length: number, tolerance: number): number {
  for (let i = 0; i < length; i++) {
    const [one, other] = [a[i]!, b[i]!];
    if (!Object.is(one, other) && !(Math.abs(one - other) <= tolerance)) return i;
  }
  return -1;
}
