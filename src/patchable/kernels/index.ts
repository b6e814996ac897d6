/** The compute shaders of the workbench, each with the plain TypeScript that it is compared with. */
import { kernel } from '../generated/modules.ts';
import { REFERENCES } from '../generated/texts.ts';
import type { KernelReference, ShaderKernel } from '../shader-kernel.ts';

export interface ShownKernel extends ShaderKernel {
  readonly referenceSource: string;
}

/** Several kernels may compute the same and share a reference. */
const sources = new Map<KernelReference, string>(
  kernel.flatMap(({ name, module }) => {
    const text = REFERENCES[name];
    return text === null ? [] : [[module.default.reference, text]];
  }),
);

/** `GET /computation/kernels` gives them the prefix `wgsl.`. */
export const SHADER_KERNELS: readonly ShownKernel[] = kernel.map(({ path, module: { default: own } }) => {
  const referenceSource = sources.get(own.reference);
  if (referenceSource === undefined) throw new Error(`${path} has no \`const reference = …\`, and takes that of no other kernel.`);
  return { ...own, referenceSource };
});

export { evaluateFormula } from '../formula.ts';
export type { KernelNumbers, KernelParameter, KernelPort, KernelSize, KernelTensors, ShaderKernel } from '../shader-kernel.ts';
