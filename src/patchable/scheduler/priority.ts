/** The most urgent first, also before those that run; equal ones in order of arrival. */
import type { PolicySource } from '../../engine/policy.ts';

const priority: PolicySource = {
  name: 'priority',
  rule: 'The lowest priority number first, equal ones in order of arrival.',
  parameters: {
    preemptive: { default: 1, minimum: 0, maximum: 1, description: '1: a running request gives way to a more urgent one. 0: it goes on.' },
  },
  create: ({ preemptive = 0 }) => ({
    rank: (request) => request.priority,
    preempts: preemptive > 0,
  }),
};

export default priority;
