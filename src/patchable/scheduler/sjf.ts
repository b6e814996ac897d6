/** Shortest job first, with ageing: waiting makes a job shorter, so that none starves. */
import type { PolicySource } from '../../engine/policy.ts';

const sjf: PolicySource = {
  name: 'sjf',
  rule: 'Fewest tokens left first; waiting counts as tokens done.',
  parameters: {
    ageing: {
      default: 20,
      minimum: 0,
      description: 'Tokens by which a job counts as shorter for each second since it arrived. 0: no ageing.',
    },
    preemptive: {
      default: 0,
      minimum: 0,
      maximum: 1,
      description: '1: a running request gives way to one with fewer tokens left (SRPT). 0: it goes on.',
    },
  },
  create: ({ ageing = 0, preemptive = 0 }) => ({
    rank(request, nowMs) {
      const tokensLeft = request.uncomputedTokens + request.maxNewTokens - request.completionTokens;
      return tokensLeft - (ageing * (nowMs - request.arrivalMs)) / 1000;
    },
    preempts: preemptive > 0,
  }),
};

export default sjf;
