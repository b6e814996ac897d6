/** The system designer's calls by name: execution plans and patched code as resources. */
import type { Input, OperationAt, Output } from '../contract/index.ts';
import type { Client } from './client.ts';

type Plan = Input<'computation', OperationAt<'computation', 'POST', 'plans'>>;
type CreatedPlan = Output<'computation', OperationAt<'computation', 'POST', 'plans'>>;
type Patch = Input<'code', OperationAt<'code', 'PUT', 'resources/{id}'>>;
type PatchedResource = Output<'code', OperationAt<'code', 'PUT', 'resources/{id}'>>;

/** The resource that stands for a whole service. */
export const FIRST_RESOURCE = {
  model: 'model.attention',
  tokenizer: 'tokenizer.normalizer',
  memory: 'memory.eviction',
  scheduler: 'scheduler.policy',
} as const;

/** A service with patchable code, or a resource by its id: `model.norm`, `sampler`, `kernel.softmax`. */
export type PatchTarget = keyof typeof FIRST_RESOURCE | (string & {});

export class Designer {
  constructor(private readonly client: Pick<Client, 'post' | 'put'>) {}

  /**
   * Keeps an execution plan under an id.
   * @throws ApiError conflict where the id is taken
   */
  createExecutionPlan(plan: Plan): Promise<CreatedPlan> {
    return this.client.post('computation', 'plans', plan);
  }

  /**
   * Makes new code active once it compiles and passes its examples; the active version stays where it does not.
   * @param language left out: the first that the resource can be written in, `wgsl` of kernels and `typescript` of all others
   * @throws ApiError code_invalid with line and column; conflict for a kernel where no GPU adapter can try it
   */
  patchCode(service: PatchTarget, source: string, language?: Patch['language']): Promise<PatchedResource> {
    const id = Object.hasOwn(FIRST_RESOURCE, service) ? FIRST_RESOURCE[service as keyof typeof FIRST_RESOURCE] : service;
    return this.client.put('code', 'resources/{id}', { id, source, ...(language !== undefined && { language }) });
  }
}
