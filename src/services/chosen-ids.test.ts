/** Ids that callers choose and those given out: they never collide, and one whose thing is gone can be chosen again. */
import { beforeAll, expect, test } from 'vitest';
import { routes } from '../contract/index.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { dispatch, newContext } from '../transport/dispatch.ts';

const call = (address: string, input: object = {}): Promise<unknown> => {
  const route = routes.find(({ endpoint, path }) => `${endpoint.method} ${path}` === address)!;
  return dispatch(operations, route, input, newContext('direct', 'test'));
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(loadTinyModel);

test('an allocation by an id that holds blocks is a conflict; freed or expired, the id is free', async () => {
  await call('POST /memory/allocate', { tokens: 1, id: 'mine', expires_in_ms: 20 });
  await expect(call('POST /memory/allocate', { tokens: 1, id: 'mine' })).rejects.toMatchObject({ code: 'conflict', status: 409 });
  await call('DELETE /memory/free/{id}', { id: 'mine' });
  await call('POST /memory/allocate', { tokens: 1, id: 'mine' });
  // The time of the one before does not end this one.
  await wait(40);
  expect(await call('DELETE /memory/free/{id}', { id: 'mine' })).toMatchObject({ blocks_freed: 1 });
});

test('an allocation that went with its pool leaves no clock behind', async () => {
  await call('POST /memory/allocate', { tokens: 1, id: 'gone', expires_in_ms: 60 });
  await loadTinyModel();
  await call('DELETE /memory/free/{id}', { id: 'gone' }).catch(() => {});
  await call('POST /memory/allocate', { tokens: 1, id: 'gone' });
  await wait(80);
  expect(await call('DELETE /memory/free/{id}', { id: 'gone' })).toMatchObject({ blocks_freed: 1 });
});

test('allocations and generations without an id get one that nobody chose', async () => {
  for (let i = 0; i < 6; i++) await call('POST /memory/allocate', { tokens: 1, id: `alloc_${i}`, expires_in_ms: 2000 });
  const given = (await Promise.all(Array.from({ length: 6 }, () => call('POST /memory/allocate', { tokens: 1, expires_in_ms: 2000 })))) as {
    id: string;
  }[];
  expect(new Set(given.map(({ id }) => id)).size).toBe(6);
  const request = { input_ids: [1], max_new_tokens: 1, ignore_eos: true };
  await call('POST /model/generate', { ...request, id: 'gen_5' });
  for (let i = 0; i < 8; i++) expect(await call('POST /model/generate', request)).not.toMatchObject({ id: 'gen_5' });
  await Promise.all([0, 1, 2].map(async (i) => call('DELETE /memory/free/{id}', { id: `alloc_${i}` })));
});

test('requests of a workload without an id get one that no other of it chose', async () => {
  const request = { prompt_tokens: 2, output_tokens: 1 };
  const workload = { kind: 'requests', requests: [{ ...request, id: 'r1' }, request, request, { ...request, id: 'r2' }] };
  for (const mode of ['simulate', 'run']) {
    const { requests } = (await call('POST /scheduler/schedule', { workload, mode })) as { requests: { request_id: string }[] };
    expect(new Set(requests.map(({ request_id }) => request_id)).size).toBe(4);
    expect(requests.map(({ request_id }) => request_id)).toEqual(expect.arrayContaining(['r1', 'r2']));
  }
});

test('a generation whose id looks like that of a workload does not stand in its way', async () => {
  const input = { workload: { kind: 'requests', requests: [{ prompt_tokens: 2, output_tokens: 1 }] }, mode: 'run' };
  const running = Array.from({ length: 4 }, (_, i) =>
    call('POST /model/generate', { input_ids: [1], max_new_tokens: 40, ignore_eos: true, id: `schedule_${i}/r0` }),
  );
  expect(await call('POST /scheduler/schedule', input)).toMatchObject({ metrics: { requests: { finished: 1 } } });
  await Promise.all(running);
});
