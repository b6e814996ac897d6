/** Policies by name, and the active parameters. */
import { ApiError, invalidInput, type Output } from '../../contract/index.ts';
import { type EngineConfig, PolicyParameterError, policyParameters, type PolicySource } from '../../engine/index.ts';
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

/**
 * @param at JSON Pointer of the parameters in the input
 * @throws ApiError validation_failed at a parameter that the policy does not take
 */
export function activeParameters({ policy, policyParameters: given }: WithPolicy, at = '/parameters'): Record<string, number> {
  try {
    return policyParameters(policy, given);
  } catch (error) {
    if (error instanceof PolicyParameterError) throw invalidInput([{ path: `${at}/${error.parameter}`, message: error.fault }]);
    throw error;
  }
}

export function describePolicy(config: WithPolicy): { policy: PolicyName; rule: string; parameters: Record<string, number> } {
  return { policy: nameOf(config.policy), rule: config.policy.rule, parameters: activeParameters(config) };
}
