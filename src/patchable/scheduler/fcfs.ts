/** First come, first served. */
import type { PolicySource } from '../../engine/policy.ts';

const fcfs: PolicySource = {
  name: 'fcfs',
  rule: 'First come, first served.',
  parameters: {},
  create: () => ({
    rank: (request) => request.arrivalOrder,
  }),
};

export default fcfs;
