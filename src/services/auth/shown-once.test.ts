/** A token leaves in the answer that makes it, and in no other answer, header, log or record, whatever is asked with it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Route, routes } from '../../contract/index.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import { referencePlatform } from '../../testing/model-platforms.ts';
import { openWorkbench } from '../../testing/workbench.ts';
import { buildRequest } from '../../transport/rest/fetch-client.ts';
import { newToken } from '../../contract/token.ts';
import type { KeptToken } from './token-store.ts';

const session = newToken().token;
const tokens = new MemoryRecords<KeptToken>();
const workbench = openWorkbench({ models: referencePlatform(), records: { tokens } }, { auth: { required: true, session } });
const logged: unknown[] = [];
let token = '';
let id = '';

const routeOf = (operation: string) => routes.find((route) => route.service === 'auth' && route.operation === operation)!;

async function answer(route: Route, input: object, shown: string): Promise<{ status: number; text: string }> {
  const response = await workbench.app.fetch(buildRequest('http://glassbox/api', route, input, { requestId: 'r', token: shown }));
  return { status: response.status, text: `${JSON.stringify([...response.headers])}${await response.text()}` };
}

beforeAll(async () => {
  await workbench.load();
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, level).mockImplementation((...values: unknown[]) => void logged.push(values));
  const { text } = await answer(routeOf('createToken'), { name: 'CI', scopes: ['admin'] }, session);
  token = /gbx_[0-9a-f]{8}_[0-9a-f]{48}/.exec(text)![0];
  id = token.slice(0, 12);
});
afterAll(() => workbench.close());

const cases = routes
  .filter(({ endpoint, service, operation }) => endpoint.method === 'GET' || (service === 'auth' && operation !== 'createToken'))
  .map((route) => [`${route.endpoint.method} ${route.path}`, route] as const);

test.each(cases)('%s', async (_, route) => {
  for (const { input } of route.endpoint.examples) {
    for (const shown of [token, session]) {
      const { text } = await answer(route, input as object, shown);
      // The secret, whole or in part, its hash, and what the page shows.
      for (const secret of [token.slice(13, 41), session.slice(13, 41), (await tokens.list())[0]!.hash]) expect(text).not.toContain(secret);
    }
  }
});

test('the tests of the service show no token that their examples make', async () => {
  const before = (await tokens.list()).length;
  const { status, text } = await answer(routeOf('test'), {}, token);
  expect(status).toBe(200);
  expect(JSON.parse(/\{"data".*/s.exec(text)![0])).toMatchObject({ data: { failed: 0 } });
  expect((await tokens.list()).length).toBeGreaterThan(before);
  expect(text).not.toMatch(/gbx_[0-9a-f]{8}_/);
});

test('a script sees who it is, and not by which token', async () => {
  const run = routes.find(({ path }) => path === '/code/run')!;
  const source =
    "client.enableRestfulMode(true);\nprint(await client.get('auth', 'whoami'), await client.get('auth', 'tokens'));\nthrow new Error('end');";
  const { status, text } = await answer(run, { source }, token);
  expect(status).toBe(422);
  expect(text).not.toMatch(/gbx_[0-9a-f]{8}_/);
});

test('what is wrong with a call by it is told without it, and so is its end', async () => {
  const generate = routes.find(({ path }) => path === '/model/generate')!;
  for (const input of [{ prompt: 7 }, { prompt: 'a', nothing: true }]) {
    const { status, text } = await answer(generate, input, token);
    expect(status).toBe(422);
    expect(text).not.toContain(token.slice(13));
  }
  expect((await answer(routeOf('revokeToken'), { id }, token)).text).not.toContain(token.slice(13));
  const { status, text } = await answer(routeOf('whoami'), {}, token);
  expect(status).toBe(401);
  expect(text).toContain(`${id} was revoked`);
  expect(text).not.toContain(token.slice(13));
  expect(JSON.stringify(logged)).not.toMatch(/gbx_[0-9a-f]{8}_/);
});
