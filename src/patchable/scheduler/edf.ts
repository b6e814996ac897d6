/** Earliest deadline first; requests without a deadline go last, in order of arrival. */
import type { PolicySource } from '../../engine/policy.ts';

const edf: PolicySource = {
  name: 'edf',
  rule: 'Earliest deadline first; without a deadline last.',
  parameters: {},
  create: () => ({
    rank: (request) => request.deadlineMs ?? Infinity,
  }),
};

export default edf;
