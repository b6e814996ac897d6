/** `POST /computation/execute` of a kernel: inputs checked, run once, compared with the reference. */
import { invalidInput, type Output, type ParsedInput } from '../../contract/index.ts';
import { evaluateFormula } from '../../patchable/kernels/index.ts';
import { notFiniteIn } from '../finite.ts';
import { atWork } from '../told.ts';
import { type Agreement, agreementOf } from '../../contract/agreement.ts';
import type { KernelDefinition } from './kernel-definition.ts';
import { type KernelCall, kernelCall, shapeOf } from './kernel-inputs.ts';
import { tensorsOf } from './kernels.ts';
import { openKernel, referenceOutputs } from './open-kernel.ts';
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import type { Values } from '../../ports/shaders.ts';

/** The reference is plain TypeScript: beyond so many operations it would take minutes. */
const MAX_REFERENCE_FLOPS = 2e9;

export async function runKernel(
  kernel: KernelDefinition,
  input: ParsedInput<'computation', 'execute'>,
  platform: ComputationPlatform,
): Promise<Output<'computation', 'execute'>> {
  const call = kernelCall(kernel, input);
  const open = await openKernel(platform, kernel, call);
  if (open.provider === 'reference' && !canCheck(kernel, call))
    throw invalidInput([
      {
        path: '/sizes',
        message: `ask for more operations than the plain TypeScript reference makes in a call (${MAX_REFERENCE_FLOPS}), and there is no GPU here: ${open.fallbackReason}`,
      },
    ]);
  try {
    const { outputs, runMs, gpuMs } = await open.run(true);
    const tensors = tensorsOf(kernel.outputs, outputs, call.sizes);
    return {
      kind: 'kernel',
      used: null,
      revision_id: kernel.revisionId,
      execution_provider: open.provider,
      fallback_reason:
        open.provider === 'reference' ? `${open.fallbackReason} The plain TypeScript reference ran instead.` : open.fallbackReason,
      outputs: tensors,
      not_finite: notFiniteIn(tensors),
      token_ids: null,
      metrics: null,
      agreement: input.check_reference ? compareWithReference(kernel, call, outputs) : null,
      example: null,
      build_ms: open.buildMs,
      run_ms: runMs,
      gpu_ms: gpuMs,
    };
  } finally {
    await open.close();
  }
}

export const canCheck = (kernel: KernelDefinition, { sizes }: KernelCall): boolean =>
  evaluateFormula(kernel.flops, sizes) <= MAX_REFERENCE_FLOPS;

/** `null` where the reference would take too long. */
export function compareWithReference(
  kernel: KernelDefinition,
  call: KernelCall,
  outputs: Readonly<Record<string, Values>>,
): Agreement | null {
  if (!canCheck(kernel, call)) return null;
  const expected = atWork('the reference of a kernel', () => referenceOutputs(kernel, call));
  return agreementOf(
    kernel.outputs.map((port) => ({
      name: port.name,
      shape: shapeOf(port, call.sizes),
      expected: expected[port.name]!,
      actual: outputs[port.name]!,
    })),
    kernel.tolerance,
  );
}
