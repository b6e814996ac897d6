/** Steps come once each and in order, and the live figures are what they say they are. */
import { expect, test } from 'vitest';
import { latenciesOf, percentile, StepFeed, tokensPerSecond } from './feed.ts';
import type { Decision, Step } from './timeline.ts';

const step = (number: number, actions: [string, Decision['action']][] = [], tokens = 4): Step => ({
  ...{ step: number, start_ms: number * 10, end_ms: number * 10 + 10, run_ms: 8, error: null, waiting: 0, running: 0, swapped: 0 },
  features: { batch_size: 1, prefill_tokens: 0, decode_tokens: tokens, context_tokens: 0, attended_pairs: 0, moved_blocks: 0 },
  decisions: actions.map(([request_id, action]) => ({
    step: number,
    request_id,
    index: 0,
    action,
    tokens: 1,
    rule: '',
    constraint: null,
    passed_over: [],
  })),
  ...{ free_blocks: 0, cached_blocks: 0, used_blocks: 0 },
});

test('steps come once, and a new engine begins a new row', () => {
  const feed = new StepFeed();
  expect(feed.take({ step: 2, steps: [step(1), step(2)] })).toHaveLength(2);
  const before = feed.take({ step: 2, steps: [] });
  expect(feed.take({ step: 2, steps: [step(2)] })).toBe(before);
  expect(feed.take({ step: 3, steps: [step(2), step(3)] }).map(({ step: number }) => number)).toEqual([1, 2, 3]);
  expect(feed.take({ step: 1, steps: [step(1)] }).map(({ step: number }) => number)).toEqual([1]);
});

test('TTFT runs from arrival to the end of the prompt, TPOT over the tokens after it', () => {
  const steps = [
    step(1, [['a', 'wait']]),
    step(2, [['a', 'admit']]),
    step(3, [['a', 'chunk']]),
    step(4, [['a', 'decode']]),
    step(5, [
      ['a', 'decode'],
      ['a', 'finish'],
    ]),
  ];
  // Ended at 60, 55 ms old: arrived at 5; the first token came at 40.
  expect(latenciesOf(steps, [{ request_id: 'a', age_ms: 55, finish_reason: 'length' }])).toEqual([{ ttftMs: 35, tpotMs: 10 }]);
  expect(latenciesOf(steps.slice(2), [{ request_id: 'a', age_ms: 55, finish_reason: 'length' }])).toEqual([]);
});

test('tokens per second over the last steps', () => {
  expect(tokensPerSecond([], 1000)).toBeNull();
  expect(tokensPerSecond([step(1), step(2), step(3)], 1000)!.decode).toBeCloseTo(400);
  expect(tokensPerSecond([step(1, [], 1000), step(100), step(101)], 100)!.decode).toBeCloseTo(400);
});

test('percentiles interpolate', () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2.5);
  expect(percentile([1, 2, 3], 1)).toBe(3);
});
