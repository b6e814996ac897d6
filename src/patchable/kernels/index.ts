/** The compute shaders of the workbench, each with the plain TypeScript that it is compared with. */
import { argmax, ropeKernel, siluMul } from './elementwise-kernels.ts';
import { flashAttention, matmulNaive, matmulTiled } from './product-kernels.ts';
import { rmsNorm, softmax } from './row-kernels.ts';
import type { ShaderKernel } from './shader-kernel.ts';

/** `GET /computation/kernels` gives them the prefix `wgsl.`. */
export const SHADER_KERNELS: readonly ShaderKernel[] = [
  matmulNaive,
  matmulTiled,
  softmax,
  rmsNorm,
  ropeKernel,
  siluMul,
  flashAttention,
  argmax,
];

export { evaluateFormula } from './formula.ts';
export type {
  KernelNumbers,
  KernelParameter,
  KernelPort,
  KernelReference,
  KernelSize,
  KernelTensors,
  ShaderKernel,
} from './shader-kernel.ts';
