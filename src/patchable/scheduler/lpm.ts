/** Longest prefix match: requests whose prompt the cache still holds go before their blocks are evicted (SGLang's RadixAttention). */
import type { PolicySource } from '../../engine/policy.ts';

const lpm: PolicySource = {
  name: 'lpm',
  rule: 'Most prompt tokens in the prefix cache first.',
  parameters: {
    ageing: { default: 10, minimum: 0, description: 'Tokens that count as cached for each second since arrival, so that none starves.' },
  },
  create: ({ ageing = 0 }) => ({
    rank: (request, nowMs) => -request.cachedTokens - (ageing * (nowMs - request.arrivalMs)) / 1000,
  }),
};

export default lpm;
