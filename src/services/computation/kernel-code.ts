/** What is patched of the shaders. */
export interface KernelCode {
  /** `null`: the built-in source is active. */
  kernelPatch(resourceId: string): { revisionId: string; source: string } | null;
}

/** Where nothing can be patched. */
export const BUILT_IN_KERNELS: KernelCode = { kernelPatch: () => null };
