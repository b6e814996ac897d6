/** The most urgent first; equal ones in order of arrival. */
import type { PolicySource } from '../../engine/policy.ts';

const priority: PolicySource = {
  name: 'priority',
  rule: 'The lowest priority number first, equal ones in order of arrival.',
  parameters: {},
  create: () => ({
    rank: (request) => request.priority,
  }),
};

export default priority;
