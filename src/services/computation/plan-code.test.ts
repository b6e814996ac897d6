/** Plans over patched code: what they name runs beside the active model, and a generation takes a plan only where it is active. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Output } from '../../contract/index.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import { TEXTS } from '../../patchable/generated/texts.ts';
import { type KeptResource, revisionIdOf } from '../code/revision.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

type Execution = Output<'computation', 'execute'>;
type Experiment = Output<'computation', 'experiment'>;
type Plan = Output<'computation', 'plan'>;

const WINDOW = 4;
const windowed = TEXTS['patchable/model/attention.sliding_window.ts'].replace('const WINDOW = 64;', `const WINDOW = ${WINDOW};`);
const input_ids = [Array.from({ length: 24 }, (_, i) => 5 + i)];

const BROKEN = `import fcfs from './fcfs.ts';
export default { ...fcfs, create: () => ({ rank: () => { throw new Error('no order today'); } }) };
`;

/** By resource and name. */
const SOURCES = {
  'model.attention': { windowed, flash: TEXTS['patchable/model/attention.flash.ts'] },
  'model.mlp': { halvedMlp: "import mlp from './mlp.ts';\nexport default (g, inputs) => g.mul(mlp(g, inputs), 0.5);\n" },
  sampler: { sampler: 'export default () => 7;\n' },
  'scheduler.policy': { policy: "import lpm from './lpm.ts';\nexport default { ...lpm, name: 'mine' };\n", broken: BROKEN },
  'memory.eviction': { eviction: "export default { name: 'mine', rule: 'The last one.', score: () => 0 };\n" },
};
/** Ids of revisions that are kept and not active. */
type Kept = Record<'windowed' | 'flash' | 'halvedMlp' | 'sampler' | 'policy' | 'broken' | 'eviction', string>;

let workbench: Workbench;
let builtIn: string;
const kept = {} as Kept;

const call = <T>(method: string, path: string, input: object = {}): Promise<T> => workbench.call(method, path, input) as Promise<T>;
/** To the built-in version, or to another one. */
const revert = (id: string, revision_id?: string) => call('POST', '/code/resources/{id}/revert', { id, revision_id });
const execute = (plan: object) => call<Execution>('POST', '/computation/execute', { plan: { decode_tokens: 2, ...plan }, input_ids });
const problemOf = async (work: Promise<unknown>): Promise<Pick<ApiError, 'code' | 'errors'>> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason as ApiError,
  );
  if (!error) throw new Error('It was accepted.');
  return { code: error.code, errors: error.errors };
};

beforeAll(async () => {
  const store = new MemoryRecords<KeptResource>();
  for (const [id, sources] of Object.entries(SOURCES)) {
    const revisions = await Promise.all(
      Object.entries(sources).map(async ([name, source]) => {
        const revisionId = await revisionIdOf('typescript', source);
        kept[name as keyof Kept] = revisionId;
        return { revisionId, language: 'typescript' as const, source, message: name, createdAt: '2026-01-01T00:00:00.000Z' };
      }),
    );
    await store.put({ id, revisions, inForce: null });
  }
  workbench = await openWorkbench(store);
  builtIn = (await call<Output<'code', 'resource'>>('GET', '/code/resources/{id}', { id: 'model.attention' })).revision_id;
}, 60_000);
afterEach(async () => {
  for (const id of ['model.attention', 'model.mlp']) await revert(id);
});
afterAll(() => workbench.close());

describe('a plan', () => {
  test('runs the revision that it names, and leaves the loaded model alone', async () => {
    const { runner } = workbench.active.engine;
    const before = await execute({ code_revisions: { 'model.attention': builtIn } });
    expect(before).toMatchObject({
      used: { kernel: 'grouped', code_revisions: { 'model.attention': builtIn } },
      agreement: { passed: true },
    });
    const patched = await execute({ code_revisions: { 'model.attention': kept.windowed } });
    expect(patched.used).toMatchObject({ kernel: 'patched', code_revisions: { 'model.attention': kept.windowed } });
    expect(patched.used!.fallbacks.find(({ field }) => field === 'kernel')).toMatchObject({ asked: 'flash_attention', used: 'patched' });
    expect(patched.agreement!.passed).toBe(false);
    expect(patched.agreement!.max_abs_error).toBeGreaterThan(0.1);
    expect((await execute({ code_revisions: { 'model.attention': builtIn } })).outputs).toEqual(before.outputs);
    expect(workbench.active.engine).toMatchObject({ runner, codeRevision: '' });
  });

  test('runs what is active where it says so or names nothing', async () => {
    const problem = await problemOf(execute({ kernel: 'patched' }));
    expect(problem).toMatchObject({ code: 'code_invalid', errors: [{ path: '/kernel', message: expect.stringMatching(/is not: PUT/) }] });
    const beside = await execute({ kernel: 'patched', code_revisions: { 'model.attention': kept.windowed } });
    await revert('model.attention', kept.windowed);
    await revert('model.mlp', kept.halvedMlp);
    const active = await execute({ kernel: 'patched' });
    expect(active.used!.code_revisions).toEqual({ 'model.attention': kept.windowed, 'model.mlp': kept.halvedMlp });
    expect(active.used!.fallbacks.find(({ field }) => field === 'code_revisions')!.reason).toMatch(/model\.mlp: the active version/);
    expect(active.outputs).not.toEqual(beside.outputs);
    // The kernel of its name and the built-in MLP, whatever is active.
    const mlp = await call<Output<'code', 'revisions'>>('GET', '/code/resources/{id}/revisions', { id: 'model.mlp' });
    const { revision_id } = mlp.revisions.find(({ built_in }) => built_in)!;
    const named = await execute({ kernel: 'naive', code_revisions: { 'model.mlp': revision_id } });
    expect(named).toMatchObject({ used: { kernel: 'naive' }, agreement: { passed: true } });
  });

  test('runs a sampler, a policy and an eviction rule of its own', async () => {
    const code_revisions = { sampler: kept.sampler, 'scheduler.policy': kept.policy, 'memory.eviction': kept.eviction };
    const execution = await execute({ code_revisions, decode_tokens: 3 });
    expect(execution.token_ids).toEqual([[7, 7, 7]]);
    expect(execution.used).toMatchObject({ policy: 'patched', code_revisions });
  });

  test('does not pass off what stood in for code that failed', async () => {
    expect(await problemOf(execute({ code_revisions: { 'scheduler.policy': kept.broken } }))).toMatchObject({
      code: 'code_invalid',
      errors: [{ path: '/code_revisions/scheduler.policy', message: expect.stringContaining('no order today') }],
    });
  });

  test('names what is not there', async () => {
    const path = '/code_revisions/model.attention';
    expect(await problemOf(execute({ code_revisions: { 'model.attention': 'gone' } }))).toMatchObject({
      code: 'not_found',
      errors: [{ path }],
    });
    expect(await problemOf(execute({ code_revisions: { 'script.a/b': 'x' } }))).toMatchObject({
      code: 'not_found',
      errors: [{ path: '/code_revisions/script.a~1b' }],
    });
    const code_revisions = { 'model.attention': 'gone' };
    const { problems } = await call<Plan>('POST', '/computation/plans', { name: 'gone', code_revisions, validate_only: true });
    expect(problems.map((each) => each.path)).toEqual([path]);
  });
});

test('an experiment compares revisions, and a patch since then changes no repetition', async () => {
  const experiment = await call<Experiment>('POST', '/computation/experiments', {
    plan: { seq_len: 8, decode_tokens: 2 },
    grid: { code_revisions: [{ 'model.attention': builtIn }, { 'model.attention': kept.windowed }] },
    text: 'Once upon a time, there was a little girl named Lily. She liked to play in the park with her dog.',
    warmup: 0,
    wait: true,
  });
  expect(experiment).toMatchObject({ state: 'done', runs: [{ used: { kernel: 'grouped' } }, { used: { kernel: 'patched' } }] });
  const [base, windows] = experiment.runs.map(({ metrics }) => metrics!);
  expect(base).toMatchObject({ top_1_agreement: 1, max_abs_logit_difference: 0 });
  expect(windows!.bits_per_byte).toBeGreaterThan(base!.bits_per_byte!);
  expect(windows!.top_1_agreement).toBeLessThan(1);
  expect(windows!.max_abs_logit_difference).toBeGreaterThan(0.1);

  await revert('model.attention', kept.windowed);
  await revert('model.mlp', kept.halvedMlp);
  const again = await call<Experiment>('POST', '/computation/experiments', { repeat_of: experiment.id, wait: true });
  const scores = ({ runs }: Experiment) =>
    runs.map(({ metrics }) => [metrics!.bits_per_byte, metrics!.top_1_agreement, metrics!.max_abs_logit_difference]);
  expect(scores(again)).toEqual(scores(experiment));
});

describe('a generation under a plan', () => {
  const generate = (plan_id: string, more: object = {}) =>
    call<Output<'model', 'generate'>>('POST', '/model/generate', {
      ...{ input_ids: input_ids[0], max_new_tokens: 3, temperature: 0, ignore_eos: true, plan_id },
      ...more,
    });

  test('is refused with every field that differs, and runs once each call was made', async () => {
    await call('POST', '/computation/plans', { id: 'mine', name: 'Mine', memory_strategy: 'static', policy: 'sjf', batch_size: 7 });
    const { code, errors } = await problemOf(generate('mine'));
    expect(code).toBe('conflict');
    expect(errors.map(({ path }) => path)).toEqual(['/kernel', '/memory_strategy', '/prefix_caching', '/policy']);
    expect(errors[0]!.message).toBe(
      'asks for "flash_attention"; active is "grouped". PUT /code/resources/model.attention with the source of its variant "flash_attention" makes it active.',
    );
    await revert('model.attention', kept.flash);
    await call('PUT', '/memory/config', { strategy: 'static', prefix_caching: false });
    await call('PUT', '/scheduler/policy', { policy: 'sjf' });
    const { choices } = await generate('mine');
    expect(choices[0]!.token_ids).toHaveLength(3);
    const events = (await workbench.call('POST', '/model/generate', {
      ...{ input_ids: input_ids[0], max_new_tokens: 2, ignore_eos: true, plan_id: 'mine', stream: true },
    })) as AsyncIterable<{ event: string }>;
    const kinds: string[] = [];
    for await (const { event } of events) kinds.push(event);
    expect(kinds).toEqual(['token', 'token', 'done']);
    await call('PUT', '/memory/config', { strategy: 'paged', prefix_caching: true });
    await call('PUT', '/scheduler/policy', { policy: 'fcfs' });
  });

  test('needs the revisions that the plan names', async () => {
    const fields = { prefix_caching: true, execution_provider: 'webgpu', block_size: 32 };
    await call('POST', '/computation/plans', {
      id: 'patched',
      name: 'Patched',
      ...fields,
      code_revisions: { 'model.attention': kept.windowed },
    });
    const { errors } = await problemOf(generate('patched'));
    expect(errors.map(({ path }) => path)).toEqual(['/code_revisions/model.attention', '/execution_provider', '/block_size']);
    await call('PUT', '/computation/plans/{id}', { id: 'patched', execution_provider: 'auto', block_size: 16 });
    await revert('model.attention', kept.windowed);
    expect((await generate('patched')).usage.completion_tokens).toBe(3);
    await revert('model.attention');
    expect(await problemOf(generate('patched'))).toMatchObject({ code: 'conflict', errors: [{ path: '/code_revisions/model.attention' }] });
  });

  test('needs a plan that there is', async () => {
    expect(await problemOf(generate('no-such-plan'))).toMatchObject({ code: 'not_found' });
  });
});
