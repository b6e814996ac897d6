/** Virtual token counter: the client served least so far goes first (Sheng et al., Fairness in Serving Large Language Models, 2024). */
import type { PolicySource } from '../../engine/policy.ts';

const fair: PolicySource = {
  name: 'fair',
  rule: 'The client with the fewest weighted tokens served first.',
  parameters: {
    prefill_weight: { default: 1, minimum: 0, description: 'Cost of a prompt token.' },
    decode_weight: { default: 2, minimum: 0, description: 'Cost of a generated token.' },
  },
  create({ prefill_weight = 1, decode_weight = 1 }) {
    const served = new Map<string, number>();
    const counter = (client: string): number => served.get(client) ?? 0;
    return {
      rank: (request) => counter(request.client),
      arrived(request, others) {
        // Whoever comes back after a pause has no claim on the service it did not ask for.
        if (others.length === 0 || others.some((other) => other.client === request.client)) return;
        const least = others.reduce((least, other) => Math.min(least, counter(other.client)), Infinity);
        served.set(request.client, Math.max(counter(request.client), least));
      },
      served(request, { prefill, decode }) {
        served.set(request.client, counter(request.client) + prefill_weight * prefill + decode_weight * decode);
      },
    };
  },
};

export default fair;
