/** The active policy as a form holds it, and the least change that brings it about. */
import type { Input, Output } from '../../contract/index.ts';

export type Policy = Output<'scheduler', 'policy'>;
export type PolicyChange = Input<'scheduler', 'setPolicy'>;
const BOUNDS = ['token_budget', 'max_num_seqs', 'chunk_size', 'queue_limit'] as const;

export type PolicyDraft = Pick<Policy, 'policy' | 'parameters' | 'step_mode' | 'preemption' | (typeof BOUNDS)[number]>;

export const draftOf = ({
  policy,
  parameters,
  step_mode,
  preemption,
  token_budget,
  max_num_seqs,
  chunk_size,
  queue_limit,
}: Policy): PolicyDraft => ({
  ...{ policy, parameters, step_mode, preemption, token_budget, max_num_seqs, chunk_size, queue_limit },
});

/** Another policy starts with its own defaults. */
export function withPolicy(draft: PolicyDraft, policy: Policy['policy'], { policies }: Pick<Policy, 'policies'>): PolicyDraft {
  return { ...draft, policy, parameters: defaultsOf(policies.find(({ name }) => name === policy)) };
}

/** The parameters with which a policy starts. */
export const defaultsOf = (known: Pick<Policy['policies'][number], 'parameters'> | undefined): Record<string, number> =>
  Object.fromEntries((known?.parameters ?? []).map((parameter) => [parameter.name, parameter.default]));

/** Only what differs; `null` when nothing does. */
export function changeOf(now: Policy, draft: PolicyDraft): PolicyChange | null {
  const before = draftOf(now);
  const sameParameters = JSON.stringify(before.parameters) === JSON.stringify(draft.parameters);
  const change: PolicyChange = {
    ...(draft.policy !== before.policy && { policy: draft.policy }),
    ...((draft.policy !== before.policy || !sameParameters) &&
      Object.keys(draft.parameters).length > 0 && { parameters: draft.parameters }),
    ...(draft.step_mode !== before.step_mode && { step_mode: draft.step_mode }),
    ...(draft.preemption !== before.preemption && { preemption: draft.preemption }),
    ...Object.fromEntries(BOUNDS.flatMap((name) => (draft[name] === before[name] ? [] : [[name, draft[name]]]))),
  };
  return Object.keys(change).length > 0 ? change : null;
}
