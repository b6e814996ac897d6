/** Earliest deadline first, also before those that run; requests without a deadline go last, in order of arrival. */
import type { PolicySource } from '../../engine/policy.ts';

const edf: PolicySource = {
  name: 'edf',
  rule: 'Earliest deadline first; without a deadline last.',
  parameters: {
    preemptive: {
      default: 1,
      minimum: 0,
      maximum: 1,
      description: '1: a running request gives way to an earlier deadline. 0: it goes on.',
    },
  },
  create: ({ preemptive = 0 }) => ({
    rank: (request) => request.deadlineMs ?? Infinity,
    preempts: preemptive > 0,
  }),
};

export default edf;
