/** Highest response ratio next: short jobs go first, but every job's ratio grows while it waits. */
import type { PolicySource } from '../../engine/policy.ts';

const hrrn: PolicySource = {
  name: 'hrrn',
  rule: 'Highest (waited + service) / service first.',
  parameters: {
    ms_per_token: { default: 5, minimum: 0.001, description: 'What a token is taken to cost, in milliseconds.' },
  },
  create: ({ ms_per_token = 1 }) => ({
    rank(request, nowMs) {
      const serviceMs = ms_per_token * (request.promptTokens + request.maxNewTokens);
      const waitedMs = nowMs - request.arrivalMs;
      return -(waitedMs + serviceMs) / serviceMs;
    },
  }),
};

export default hrrn;
