/** The timeline says of every step what the scheduler said, whoever was swapped, preempted or forked. */
import { describe, expect, test } from 'vitest';
import { fullView, marks, pixelOf, stepUnder, valueOf, withPlace, zoomed } from './axis.ts';
import { type Decision, phaseAt, standings, type Step, stepAt, timelineOf } from './timeline.ts';

const decide = (request_id: string, action: Decision['action'], tokens = 0, index = 0): Decision => ({
  ...{ step: 0, request_id, index, action, tokens, rule: 'A rule.', constraint: null, passed_over: [] },
});

const step = (number: number, startMs: number, ...decisions: Decision[]): Step => ({
  ...{ step: number, start_ms: startMs, end_ms: startMs + 10, run_ms: null, decisions, error: null },
  features: { batch_size: 1, prefill_tokens: 0, decode_tokens: 0, context_tokens: 0, attended_pairs: 0, moved_blocks: 0 },
  ...{ waiting: 0, running: 0, swapped: 0, free_blocks: 0, cached_blocks: 0, used_blocks: 0 },
});

const steps = [
  step(1, 0, decide('a', 'admit', 16), decide('b', 'wait')),
  step(2, 10, decide('a', 'chunk', 4), decide('b', 'wait')),
  step(3, 20, decide('a', 'decode', 1), decide('b', 'admit', 8)),
  step(4, 30, decide('a', 'swap_out'), decide('b', 'decode', 1)),
  step(5, 40, decide('a', 'wait'), decide('b', 'decode', 1), decide('b', 'finish')),
  step(6, 200, decide('a', 'swap_in', 1), decide('c', 'refuse')),
  step(7, 210, decide('a', 'decode', 1), decide('a', 'finish')),
];

describe('the timeline', () => {
  const timeline = timelineOf(steps);
  const lane = (id: string) => timeline.lanes.find(({ requestId }) => requestId === id)!;

  test('joins equal steps and keeps a swapped request swapped while it waits', () => {
    expect(lane('a').spans).toEqual([
      { phase: 'prefill', first: 0, last: 1 },
      { phase: 'decode', first: 2, last: 2 },
      { phase: 'swapped', first: 3, last: 4 },
      { phase: 'decode', first: 5, last: 6 },
    ]);
    expect(lane('b').spans.map(({ phase }) => phase)).toEqual(['waiting', 'prefill', 'decode']);
    expect(lane('c')).toMatchObject({ spans: [], end: { at: 5, action: 'refuse' } });
  });

  test('a preempted request waits, also after it was swapped out', () => {
    const { lanes } = timelineOf([
      step(1, 0, decide('a', 'swap_out')),
      step(2, 10, decide('a', 'preempt')),
      step(3, 20, decide('a', 'wait')),
    ]);
    expect(lanes[0]!.spans.map(({ phase }) => phase)).toEqual(['swapped', 'waiting']);
  });

  test('of several samples the one that computes shows', () => {
    const { lanes } = timelineOf([step(1, 0, decide('a', 'wait', 0, 1), decide('a', 'decode', 1, 0))]);
    expect(lanes[0]!.spans).toEqual([{ phase: 'decode', first: 0, last: 0 }]);
    expect(lanes[0]!.decisions.get(0)).toHaveLength(2);
  });

  test('a request has ended when its last sample has', () => {
    const steps = [step(1, 0, decide('a', 'finish', 0, 1)), step(2, 10, decide('a', 'decode', 1, 0))];
    expect(timelineOf(steps).lanes[0]!.end).toBeNull();
    expect(timelineOf([...steps, step(3, 20, decide('a', 'decode', 1, 0), decide('a', 'finish', 0, 0))]).lanes[0]!.end).toMatchObject({
      at: 2,
    });
  });

  test('phases and steps are found by place and time', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((at) => phaseAt(lane('a'), at))).toEqual([
      'prefill',
      'prefill',
      'decode',
      'swapped',
      'swapped',
      'decode',
      'decode',
      null,
    ]);
    expect([-1, 0, 9, 10, 199, 999].map((ms) => stepAt(steps, ms))).toEqual([-1, 0, 0, 1, 4, 6]);
  });

  test('says where every request stands in a step', () => {
    const arrivals = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 195],
    ]);
    const at = (place: number) => Object.fromEntries(standings(timelineOf(steps, arrivals), place));
    expect(at(0)).toEqual({ a: 'prefill', b: 'waiting', c: 'to_come' });
    expect(at(3)).toEqual({ a: 'swapped', b: 'decode', c: 'to_come' });
    expect(at(5)).toEqual({ a: 'decode', b: 'finished', c: 'refused' });
  });

  test('nothing at all is a timeline too', () => {
    expect(timelineOf([])).toMatchObject({ lanes: [], startMs: 0, endMs: 0 });
  });
});

describe('its axis', () => {
  const timeline = timelineOf(steps);

  test.each(['time', 'steps'] as const)('%s: pixels and values are inverse', (kind) => {
    const axis = { kind, view: fullView(timeline, kind), width: 700 };
    for (const x of [0, 123, 700]) expect(pixelOf(axis, valueOf(axis, x))).toBeCloseTo(x);
  });

  test('finds the step under a pixel, and none where the engine was idle', () => {
    expect(stepUnder(timeline, { kind: 'time', view: { from: 0, to: 220 }, width: 220 }, 25)).toBe(2);
    expect(stepUnder(timeline, { kind: 'time', view: { from: 0, to: 220 }, width: 220 }, 120)).toBeNull();
    expect(stepUnder(timeline, { kind: 'steps', view: { from: 0, to: 7 }, width: 70 }, 65)).toBe(6);
  });

  test('zoom stays inside and around the point', () => {
    const full = { from: 0, to: 100 };
    expect(zoomed(full, full, 0.5, 20)).toEqual({ from: 10, to: 60 });
    expect(zoomed({ from: 10, to: 60 }, full, 4)).toEqual(full);
    expect(withPlace({ from: 0, to: 10 }, full, 50, 51)).toMatchObject({ to: 51.5 });
  });

  test('marks are round', () => {
    expect(marks({ from: 0, to: 100 }, 5)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(marks({ from: 0, to: 2 }, 8, true)).toEqual([0, 1, 2]);
  });
});
