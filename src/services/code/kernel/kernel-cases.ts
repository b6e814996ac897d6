/** The cases of each kernel: the small calls of its definition, on inputs that are the same each time. */
import { type KernelCall, kernelCall } from '../../computation/kernel-inputs.ts';
import { type ShaderDefinition, SHADERS } from '../../computation/kernel-definition.ts';
import { shownNumbers } from './kernel-signature.ts';

export interface KernelTrial {
  name: string;
  description: string;
  call: KernelCall;
}

const SEED = 7;

export const kernelOf = (id: string): ShaderDefinition | null => SHADERS.find(({ resourceId }) => resourceId === id) ?? null;

export const kernelTrials = (kernel: ShaderDefinition): KernelTrial[] =>
  kernel.cases.map(({ sizes, parameters = {}, inputScale = 1 }) => {
    const call = kernelCall(kernel, { sizes, parameters, seed: SEED });
    const inputs = Object.fromEntries(
      Object.entries(call.inputs).map(([name, values]) => [name, inputScale === 1 ? values : values.map((value) => value * inputScale)]),
    );
    return {
      name: shownNumbers({ ...sizes, ...parameters }) + (inputScale === 1 ? '' : `, inputs × ${inputScale}`),
      description: `Within ${kernel.tolerance} of the TypeScript reference, without a look beyond a binding.`,
      call: { ...call, inputs },
    };
  });
