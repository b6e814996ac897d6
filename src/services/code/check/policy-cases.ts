/** What a scheduling policy must do: give every request a rank, and let every request of a small workload end, on the real scheduler. */
import { messageOf } from '../../../environment/thrown.ts';
import type { PolicySource, RequestView } from '../../../engine/index.ts';
import { policyParameters } from '../../../engine/policy.ts';
import { simulate } from '../../../engine/workload/simulate.ts';
import { lru } from '../../../patchable/memory/index.ts';
import { valueText } from '../../../environment/thrown.ts';
import { asObject, type Case, CaseFailure } from './case.ts';

const asPolicy = (exported: unknown): PolicySource => {
  const policy = asObject<PolicySource>(
    exported,
    'a policy: an object with `name`, `rule`, `parameters` and `create`',
    ['create'],
    ['name', 'rule'],
  );
  if (typeof policy.parameters !== 'object' || policy.parameters === null)
    throw new CaseFailure('`parameters` of the default export must be an object; it may be empty.', 'object', String(policy.parameters));
  return policy;
};

const request = (arrivalOrder: number, changes: Partial<RequestView>): RequestView => ({
  id: `request_${arrivalOrder}`,
  client: arrivalOrder % 2 ? 'a' : 'b',
  priority: 0,
  deadlineMs: null,
  arrivalMs: 10 * arrivalOrder,
  arrivalOrder,
  state: 'waiting',
  promptTokens: 32,
  completionTokens: 0,
  maxNewTokens: 16,
  uncomputedTokens: 32,
  cachedTokens: 0,
  preemptions: 0,
  ...changes,
});

const REQUESTS: readonly RequestView[] = [
  request(0, {}),
  request(1, { priority: -5, deadlineMs: 500 }),
  request(2, { state: 'running', uncomputedTokens: 1, completionTokens: 4 }),
  request(3, { state: 'swapped', uncomputedTokens: 1, completionTokens: 15, preemptions: 2 }),
  request(4, { promptTokens: 1, maxNewTokens: 1, uncomputedTokens: 1, cachedTokens: 16 }),
  request(5, { promptTokens: 4000, uncomputedTokens: 4000, maxNewTokens: 1000, deadlineMs: 0 }),
];

/** Ticks of the scenario's clock, in ms. */
const TIMES = [0, 60, 1000, 1e6];

/** Requests, prompt and output lengths of the simulated workload: more than the pool holds at once. */
const SIMULATED = { requests: 12, blocks: 24, blockSize: 8, context: 128 };

export const POLICY_CASES: Case[] = [
  {
    name: 'ranks requests',
    description: 'A finite number for waiting, running and swapped requests, with and without priority and deadline.',
    run(exported) {
      const source = asPolicy(exported);
      const policy = source.create(policyParameters(source));
      if (typeof policy?.rank !== 'function') throw new CaseFailure('`create` must give an object with `rank`.', 'rank', typeof policy);
      REQUESTS.forEach((each, i) => policy.arrived?.(each, REQUESTS.slice(0, i)));
      return TIMES.map((nowMs) => {
        for (const each of REQUESTS) policy.served?.(each, { prefill: 8, decode: 1 });
        return REQUESTS.map((each) => {
          const rank = policy.rank(each, nowMs);
          if (typeof rank !== 'number' || Number.isNaN(rank))
            throw new CaseFailure(`\`rank\` gave ${valueText(rank)} for ${each.id} at ${nowMs} ms.`, 'a number', valueText(rank));
          return rank;
        });
      });
    },
  },
  {
    name: 'every request ends',
    description: 'Twelve requests on the real scheduler with a pool too small for all of them, under a virtual clock.',
    async run(exported) {
      const failures: string[] = [];
      const policy = watched(asPolicy(exported), failures);
      const run = await simulate(
        {
          name: 'check',
          closedLoop: null,
          requests: Array.from({ length: SIMULATED.requests }, (_, i) => ({
            arrivalMs: 3 * i,
            segments: [
              { hash: i % 3, length: 16 },
              { hash: 100 + i, length: 1 + ((7 * i) % 24) },
            ],
            outputLength: 1 + ((5 * i) % 20),
            client: i % 2 ? 'a' : 'b',
            priority: i % 3,
          })),
        },
        {
          engine: { policy, eviction: lru, numBlocks: SIMULATED.blocks, blockSize: SIMULATED.blockSize },
          costModel: { baseMs: 1, msPer: { batchSize: 0.1, prefillTokens: 0.05, contextTokens: 0, attendedPairs: 0, movedBlocks: 0 } },
          contextTokens: SIMULATED.context,
        },
      );
      if (failures.length > 0) throw new CaseFailure(failures[0]!, 'a number', failures.length);
      const ended = run.results.filter(({ completions }) => completions.every(({ finishReason }) => finishReason === 'length')).length;
      if (ended < SIMULATED.requests) throw new CaseFailure('Some requests did not get all their tokens.', SIMULATED.requests, ended);
      return { steps: run.records.length };
    },
  },
];

/** The scheduler goes on in order of arrival when a policy fails; here that is to be seen. */
function watched(source: PolicySource, failures: string[]): PolicySource {
  return {
    ...source,
    create(parameters) {
      const policy = source.create(parameters);
      return {
        rank(each, nowMs) {
          const rank = guarded(() => policy.rank(each, nowMs));
          if (typeof rank !== 'number' || Number.isNaN(rank))
            failures.push(`\`rank\` gave ${valueText(rank)} for a request of the workload.`);
          return rank;
        },
        arrived: (each, others) => guarded(() => policy.arrived?.(each, others)),
        served: (each, tokens) => guarded(() => policy.served?.(each, tokens)),
      };
    },
  };

  function guarded<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      failures.push(`The policy threw: ${messageOf(error)}`);
      throw error;
    }
  }
}
