/** Each role's call is one call of the contract, and answers what that answers. */
import { expect, test } from 'vitest';
import { ApiError, type Route, serviceNames } from '../contract/index.ts';
import type { Transport } from '../transport/transport.ts';
import { Client } from './client.ts';
import { rolesOf } from './roles.ts';

const seen: { route: string; input: object | undefined }[] = [];
let answer: () => Promise<unknown> = () => Promise.resolve('answer');

const transport: Transport = {
  call: ({ endpoint, path }: Route, input) => {
    seen.push({ route: `${endpoint.method} ${path}`, input });
    return answer();
  },
  async *stream() {},
};
const { designer, researcher, tester } = rolesOf(new Client({ direct: transport, restful: null }));
const last = () => seen.at(-1);

test('a plan is posted to the plans', async () => {
  const plan = { name: 'wide', batch_size: 8 };
  expect(await designer.createExecutionPlan(plan)).toBe('answer');
  expect(last()).toEqual({ route: 'POST /computation/plans', input: plan });
});

test.each([
  ['model', 'model.attention'],
  ['scheduler', 'scheduler.policy'],
  ['memory', 'memory.eviction'],
  ['tokenizer', 'tokenizer.normalizer'],
  ['model.norm', 'model.norm'],
  ['sampler', 'sampler'],
  ['toString', 'toString'],
])('patching %s puts %s', async (target, id) => {
  await designer.patchCode(target, 'export default 1', 'typescript');
  expect(last()).toEqual({ route: 'PUT /code/resources/{id}', input: { id, source: 'export default 1', language: 'typescript' } });
});

test('an experiment: lists are gone through, single values hold for all', async () => {
  await researcher.runExperiment({
    batch_size: [1, 8],
    seq_len: 64,
    kernel: ['naive', 'flash_attention'],
    memory_strategy: 'paged',
    repeats: 3,
  });
  expect(last()).toEqual({
    route: 'POST /computation/experiments',
    input: {
      wait: true,
      repeats: 3,
      plan: { seq_len: 64, memory_strategy: 'paged' },
      grid: { batch_size: [1, 8], kernel: ['naive', 'flash_attention'] },
    },
  });
});

test('an experiment by a kept plan, not waited for', async () => {
  await researcher.runExperiment({ plan_id: 'default', batch_size: [1, 2], wait: false });
  expect(last()?.input).toEqual({ wait: false, plan_id: 'default', grid: { batch_size: [1, 2] } });
});

test.each([
  ['batchSize', 'batch_size'],
  ['sequence_length', 'seq_len'],
  ['repeat', 'repeats'],
])('an experiment over %s is refused: %s was meant', async (name, meant) => {
  await expect(researcher.runExperiment({ [name]: 4 } as never)).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ path: `/${name}`, message: `is no field here; did you mean ${meant}?` }],
  });
});

test.each(serviceNames)('the tests of %s', async (service) => {
  await tester.runServiceTests(service);
  expect(last()).toEqual({ route: `POST /${service}/test`, input: {} });
  await tester.runServiceTests(service, ['info']);
  expect(last()?.input).toEqual({ cases: ['info'] });
});

test('what fails answers its problem', async () => {
  answer = () => Promise.reject(new ApiError('model_not_loaded', 'No model.'));
  await expect(tester.runServiceTests('model')).rejects.toMatchObject({ code: 'model_not_loaded', status: 424 });
});
