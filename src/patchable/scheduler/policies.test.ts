/** Each policy's order, and that none of those that age starves anyone. */
import { describe, expect, test } from 'vitest';
import { policyParameters, type PolicySource, type RequestView } from '../../engine/index.ts';
import { simulate } from '../../engine/workload/simulate.ts';
import type { WorkloadRequest } from '../../engine/workload/workload.ts';
import { lru } from '../memory/index.ts';
import edf from './edf.ts';
import fair from './fair.ts';
import hrrn from './hrrn.ts';
import { fcfs, POLICIES } from './index.ts';
import lpm from './lpm.ts';
import priority from './priority.ts';
import sjf from './sjf.ts';

const view = (id: string, arrivalOrder: number, more: Partial<RequestView> = {}): RequestView => ({
  ...{ id, arrivalOrder, client: 'a', priority: 0, deadlineMs: null, arrivalMs: 10 * arrivalOrder, state: 'waiting', promptTokens: 10 },
  ...{ completionTokens: 0, maxNewTokens: 10, uncomputedTokens: 10, cachedTokens: 0, preemptions: 0 },
  ...more,
});

function order(source: PolicySource, requests: RequestView[], nowMs = 100, parameters = {}): string {
  const policy = source.create(policyParameters(source, parameters));
  return requests
    .map((request) => ({ request, rank: policy.rank(request, nowMs) }))
    .sort((a, b) => a.rank - b.rank || a.request.arrivalOrder - b.request.arrivalOrder)
    .map(({ request }) => request.id)
    .join('');
}

describe('order', () => {
  test.each([
    ['fcfs', fcfs, [view('a', 2), view('b', 0), view('c', 1)], 'bca'],
    ['priority', priority, [view('a', 0, { priority: 3 }), view('b', 1, { priority: -1 }), view('c', 2, { priority: -1 })], 'bca'],
    [
      'sjf',
      sjf,
      [
        view('a', 0, { maxNewTokens: 50 }),
        view('b', 1, { maxNewTokens: 5 }),
        view('c', 2, { maxNewTokens: 50, completionTokens: 48, uncomputedTokens: 1 }),
      ],
      'cba',
    ],
    ['hrrn', hrrn, [view('a', 0, { maxNewTokens: 500 }), view('b', 1, { maxNewTokens: 5 })], 'ba'],
    ['lpm', lpm, [view('a', 0), view('b', 1, { cachedTokens: 32 }), view('c', 2, { cachedTokens: 8 })], 'bca'],
    ['edf', edf, [view('a', 0), view('b', 1, { deadlineMs: 900 }), view('c', 2, { deadlineMs: 300 })], 'cba'],
  ] as const)('%s', (_, source, requests, expected) => expect(order(source, [...requests])).toBe(expected));

  test('sjf ages', () => {
    const requests = [view('a', 0, { maxNewTokens: 50, arrivalMs: 0 }), view('b', 1, { maxNewTokens: 5, arrivalMs: 5000 })];
    expect(order(sjf, requests, 5000)).toBe('ab');
    expect(order(sjf, requests, 5000, { ageing: 0 })).toBe('ba');
  });

  test('hrrn lets a long request pass once it has waited ten times as long', () => {
    const long = view('a', 0, { maxNewTokens: 190, arrivalMs: 0 });
    expect(order(hrrn, [long, view('b', 1, { arrivalMs: 8000 })], 9000)).toBe('ba');
    expect(order(hrrn, [long, view('b', 1, { arrivalMs: 8200 })], 9000)).toBe('ab');
  });

  test('fair goes by tokens served to the client, and gives no credit for absence', () => {
    const policy = fair.create(policyParameters(fair));
    const [a, b, c] = [view('a', 0), view('b', 1, { client: 'b' }), view('c', 2, { client: 'c' })];
    policy.arrived!(a, []);
    policy.arrived!(b, [a]);
    policy.served!(a, { prefill: 10, decode: 0 });
    policy.served!(b, { prefill: 0, decode: 4 });
    expect(policy.rank(b, 0)).toBeLessThan(policy.rank(a, 0));
    policy.arrived!(c, [a, b]);
    expect(policy.rank(c, 0)).toBe(policy.rank(b, 0));
  });
});

test('parameters have names, defaults and bounds', () => {
  for (const source of POLICIES) expect(Object.keys(policyParameters(source))).toEqual(Object.keys(source.parameters));
  expect(policyParameters(sjf, { ageing: 3 })).toEqual({ ageing: 3, preemptive: 0 });
  expect(() => policyParameters(sjf, { ageing: -1 })).toThrow(RangeError);
  expect(() => policyParameters(fcfs, { ageing: 1 })).toThrow('fcfs.ageing is no parameter of fcfs');
});

describe('a long request among short ones that never cease', () => {
  const short = (i: number): WorkloadRequest => ({
    arrivalMs: 15 * i,
    segments: [{ hash: i, length: 4 }],
    outputLength: 4,
    client: `client ${i % 2}`,
    priority: 0,
  });
  const long: WorkloadRequest = { arrivalMs: 100, segments: [{ hash: -1, length: 40 }], outputLength: 40, client: 'client 0', priority: 0 };
  const workload = { name: '', closedLoop: null, requests: [...Array.from({ length: 600 }, (_, i) => short(i)), long] };
  const costModel = { baseMs: 4, msPer: { batchSize: 0, prefillTokens: 0.2, contextTokens: 0, attendedPairs: 0, movedBlocks: 0 } };

  const waitOf = async (policy: PolicySource, parameters = {}): Promise<number> => {
    const engine = { policy, policyParameters: parameters, eviction: lru, numBlocks: 40, blockSize: 4, maxNumSeqs: 1, queueLimit: 1000 };
    const { results } = await simulate(workload, { engine, costModel, contextTokens: 128 });
    const { timings } = results.find(({ promptTokens }) => promptTokens === 40)!;
    return timings.queuedMs!;
  };

  test('starves without ageing, and does not with it', async () => {
    const [aged, hungry] = [await waitOf(sjf), await waitOf(sjf, { ageing: 0 })];
    expect(hungry).toBeGreaterThan(8000);
    expect(aged).toBeLessThan(6000);
    expect(await waitOf(fcfs)).toBeLessThan(1000);
  });
});
