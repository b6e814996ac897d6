import { expect, it } from 'vitest';
import { routes, serviceNames } from '../../contract/index.ts';
import { Bench, caseState, changedCases } from './bench.ts';
import { caseOf, endpointOf, type TestCase } from './cases.ts';
import { type CaseRun, judge } from './execute.ts';
import { choose, counts } from './filter.ts';
import { toTestCase } from './own-cases.ts';
import { touched } from './use-watch.ts';

const cases = ['one', 'two', 'three'].map((name) => caseOf({ name, description: '', endpoint: 'POST /tokenizer/tokenize', input: {} })!);
const active = { weightsHash: 'w', revisions: {} };
const passed = (): CaseRun => ({ verdict: 'passed', result: null, problem: null, mode: 'direct', roundTripMs: 5, at: 1 });
const memory = () => {
  const store = new Map<string, string>();
  return { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => void store.set(key, value) };
};

it('runs one case after the other and keeps what came', async () => {
  const storage = memory();
  const bench = new Bench(storage);
  const seen: string[] = [];
  await bench.run(cases, active, async (test) => {
    expect(caseState(bench.state.get(), test).running).toBe(true);
    seen.push(test.name);
    if (test.name === 'two') throw new Error('lost');
    return passed();
  });
  expect(seen).toEqual(['one', 'two', 'three']);
  expect(bench.state.get().summary).toBe('2 passed, 1 failed');
  bench.flush();
  const again = new Bench(storage);
  expect(caseState(again.state.get(), cases[1]!)).toMatchObject({ verdict: 'failed', remembered: true });
});

it('says of a run over both transports whether they agreed', async () => {
  const bench = new Bench(memory());
  const side = { status: 200, code: null, durationMs: 1 };
  const sides = [
    { mode: 'restful', ...side },
    { mode: 'direct', ...side },
  ] as const;
  const compared = (differences: readonly { path: string; expected: unknown; actual: unknown }[]) =>
    bench.run(cases, active, async ({ name }) => ({ ...passed(), transports: { sides, differences: name === 'two' ? differences : [] } }));
  await compared([]);
  expect(bench.state.get().summary).toBe('3 passed, 0 failed; both transports gave the same in all 3');
  await compared([{ path: '/a', expected: 1, actual: 2 }]);
  expect(bench.state.get().summary).toBe('3 passed, 0 failed; the transports differed in 1 of 3');
  const stateOf = (test: TestCase) => caseState(bench.state.get(), test);
  expect(choose(cases, { filter: 'differs', text: '', order: 'contract' }, stateOf, 100).map(({ name }) => name)).toEqual(['two']);
  await bench.run(cases, active, async () => ({ ...passed(), transports: { sides: sides.slice(1), differences: [] } }));
  expect(bench.state.get().summary).toBe('3 passed, 0 failed');
  bench.flush();
});

it('stops between two cases, and what was not run stays as it was', async () => {
  const bench = new Bench(memory());
  await bench.run(cases, active, async (test) => {
    if (test.name === 'two') bench.stop();
    return passed();
  });
  expect(bench.state.get().summary).toBe('Stopped after 1 of 3: 1 passed, 0 failed');
  expect(cases.map((test) => caseState(bench.state.get(), test).verdict)).toEqual(['passed', null, null]);
  bench.flush();
});

it('knows which cases have no result for what is active', async () => {
  const bench = new Bench(memory());
  await bench.run(cases.slice(0, 2), active, async () => passed());
  expect(changedCases(bench.state.get(), cases, active).map(({ name }) => name)).toEqual(['three']);
  expect(changedCases(bench.state.get(), cases, { ...active, weightsHash: 'v' })).toHaveLength(3);
  bench.flush();
});

it('filters and counts', async () => {
  const bench = new Bench(memory());
  await bench.run(cases.slice(0, 2), active, async (test) => ({ ...passed(), roundTripMs: test.name === 'two' ? 50 : 5 }));
  const stateOf = (test: TestCase) => caseState(bench.state.get(), test);
  expect(counts(cases, stateOf, 20)).toMatchObject({ all: 3, passed: 2, not_run: 1, slow: 1, failed: 0 });
  expect(choose(cases, { filter: 'all', text: '', order: 'slowest' }, stateOf, 20).map(({ name }) => name)).toEqual([
    'two',
    'one',
    'three',
  ]);
  expect(choose(cases, { filter: 'passed', text: 'TOKENIZE one', order: 'contract' }, stateOf, 20)).toHaveLength(1);
  bench.flush();
});

it('judges a case of the user by the rules of the services', () => {
  const own = toTestCase({
    name: 'mine',
    description: '',
    endpoint: 'POST /tokenizer/tokenize',
    input: {},
    expected_output: { n: 1 },
    tolerance: 0.1,
  })!;
  const answer = { ok: true, status: 200, duration_ms: 1 };
  const problem = { type: '', title: '', status: 404, detail: 'No.', code: 'not_found' as const, request_id: '', errors: [] };
  expect(judge(own, { ...answer, data: { n: 1.05, more: 1 } }).passed).toBe(true);
  expect(judge(own, { ...answer, data: { n: 2 } }).diff).toEqual([{ path: '/n', expected: 1, actual: 2 }]);
  expect(judge(own, { ...answer, ok: false, problem }).diff).toEqual([{ path: '/error', expected: null, actual: 'not_found' }]);
  expect(judge({ ...own, expected_error: 'not_found' }, { ...answer, ok: false, problem }).passed).toBe(true);
  expect(judge({ ...own, expected_error: 'not_found' }, { ...answer, data: {} }).passed).toBe(false);
  const ruled = toTestCase({
    ...{ name: 'mine', description: '', endpoint: 'POST /tokenizer/tokenize', input: { text: 'Zoë' } },
    validation_rules: { input_ids_length: 'len(text) + 2' },
  })!;
  expect(judge(ruled, { ...answer, data: { input_ids: [1, 2, 3, 4, 5] } })).toMatchObject({
    passed: true,
    rules: [{ value: 5, passed: true }],
  });
  expect(judge(ruled, { ...answer, data: { input_ids: [1] } })).toMatchObject({
    passed: false,
    diff: [],
    rules: [{ value: 5, passed: false }],
  });
  expect(judge(ruled, { ...answer, ok: false, problem }).rules).toEqual([]);
});

it('takes with a case those that must run before it', () => {
  for (const route of routes)
    for (const { name, after = [] } of route.endpoint.examples) {
      const chain = caseOf({ name, description: '', endpoint: endpointOf(route) })!.after;
      expect(chain).toEqual(expect.arrayContaining([...after]));
    }
});

it('watches what a change touches', () => {
  const before = { active: { weightsHash: 'w', revisions: { 'kernel.matmul': '1' } }, mode: 'direct' };
  expect(touched(before, { ...before })).toBeNull();
  const patched = { ...before, active: { weightsHash: 'w', revisions: { 'kernel.matmul': '2' } } };
  expect(touched(before, patched)).toEqual({ services: ['computation', 'code'], why: 'kernel.matmul changed' });
  expect(touched(before, { ...before, mode: 'restful' })?.services).toEqual(serviceNames);
});
