/** Policies by name, and the active parameters. */
import { ApiError, type Output } from '../../contract/index.ts';
import { type EngineConfig, policyParameters, type PolicySource } from '../../engine/index.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';

export type PolicyName = Output<'scheduler', 'policy'>['policy'];

export const nameOf = (policy: PolicySource): PolicyName => (POLICIES.includes(policy) ? policy.name : 'patched') as PolicyName;

/** @throws ApiError code_invalid for `patched` while no patch is active */
export function findPolicy(name: string, config: Readonly<EngineConfig>): PolicySource {
  if (name === nameOf(config.policy)) return config.policy;
  const policy = POLICIES.find((candidate) => candidate.name === name);
  if (!policy) {
    const known = POLICIES.map((candidate) => candidate.name).join(', ');
    throw new ApiError(
      'code_invalid',
      `Policy "${name}" is not active: the code resource scheduler.policy is not patched. There are ${known}.`,
    );
  }
  return policy;
}

type WithPolicy = Pick<EngineConfig, 'policy' | 'policyParameters'>;

/** @throws ApiError conflict naming a parameter that the policy does not take */
export function parametersInForce({ policy, policyParameters: given }: WithPolicy): Record<string, number> {
  try {
    return policyParameters(policy, given);
  } catch (error) {
    throw new ApiError('conflict', error instanceof Error ? error.message : String(error));
  }
}

export function describePolicy(config: WithPolicy): { policy: PolicyName; rule: string; parameters: Record<string, number> } {
  return { policy: nameOf(config.policy), rule: config.policy.rule, parameters: parametersInForce(config) };
}
