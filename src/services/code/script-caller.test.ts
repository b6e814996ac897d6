/** Scripts with less: what their client may is settled by who runs them and what was asked for, on both transports, and for streams and roles too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Principal, routes, type Scope, scopes } from '../../contract/index.ts';
import { referencePlatform } from '../../testing/model-platforms.ts';
import { openWorkbench } from '../../testing/workbench.ts';
import { newContext } from '../../transport/dispatch.ts';

const workbench = openWorkbench({ models: referencePlatform() });
beforeAll(() => workbench.load());
afterAll(() => workbench.close());

const token = (...granted: Scope[]): Principal => ({ kind: 'token', id: 'gbx_12345678', name: 'CI', scopes: granted, expiresAt: null });

const run = async (source: string, asked?: readonly Scope[], runBy?: Principal): Promise<unknown> => {
  const context = newContext('direct', 'test', undefined, runBy);
  const input = { source, language: 'typescript', ...(asked && { scopes: asked }) };
  const { result } = (await workbench.call('POST', '/code/run', input, context)) as { result: unknown };
  return result;
};

/** How each route ends for the script, by the outcome alone: what is not refused fails for want of an input, or answers. */
const EVERY_ROUTE = `const ends = {};
for (const route of ${JSON.stringify(
  // A call of these would go on without end, or leave nothing to test.
  routes
    .filter(({ operation, path }) => operation !== 'test' && path !== '/code/run')
    .map(({ endpoint, path }) => `${endpoint.method} ${path}`),
)}) {
  const [method, path] = route.split(' ');
  const [, service, ...rest] = path.split('/');
  const call = client[method.toLowerCase()](service, rest.join('/'), { id: 'none', nothing: true });
  ends[route] = await call.then(() => 'answered', (error) => error.code);
}
return ends;`;

test.each(scopes.flatMap((scope) => ['true', 'false'].map((restful) => [scope, restful] as const)))(
  'every endpoint for a script with %s; RESTful: %s',
  async (granted, restful) => {
    const ends = (await run(`client.enableRestfulMode(${restful});\n${EVERY_ROUTE}`, [granted])) as Record<string, string>;
    for (const { endpoint, path } of routes) {
      const end = ends[`${endpoint.method} ${path}`];
      if (end === undefined) continue;
      const isAllowed = scopes.indexOf(granted) >= scopes.indexOf(endpoint.scope);
      if (isAllowed) expect(end, path).not.toBe('insufficient_scope');
      else expect(end, `${endpoint.method} ${path}`).toBe('insufficient_scope');
    }
    expect(Object.keys(ends).length).toBeGreaterThan(50);
  },
);

test('roles, streams and the objects themselves are no way around', async () => {
  const source = `const code = async (work) => { try { await work(); return 'went through'; } catch (error) { return error.code; } };
return [
  await code(() => designer.patchCode('model', 'export default 1;')),
  await code(async () => { for await (const _ of client.stream('code', 'run', { source: '' })); }),
  await code(async () => { for await (const _ of client.via('restful').stream('code', 'run', { source: '' })); }),
  await code(() => services.model.swapWeights({})),
  await code(() => client.get('auth', 'tokens')),
];`;
  expect(await run(source, ['read', 'run'])).toEqual(Array(5).fill('insufficient_scope'));
});

test('a script may no more than who runs it', async () => {
  const who = "return await client.get('auth', 'whoami');";
  expect(await run(who, undefined, token('read', 'patch'))).toMatchObject({
    kind: 'script',
    id: 'gbx_12345678',
    scopes: ['read', 'patch'],
  });
  expect(await run(who, ['read'], token('patch'))).toMatchObject({ kind: 'script', scopes: ['read'] });
  await expect(run(who, ['admin'], token('patch'))).rejects.toMatchObject({ code: 'insufficient_scope' });
  await expect(run("await client.get('auth', 'tokens')", undefined, token('patch'))).rejects.toThrow('insufficient_scope');
  await expect(run(who, ['read'], token('run'))).rejects.toThrow('POST /code/run needs the scope "patch"');
});

test('nor may a script that it starts, whatever that one asks for', async () => {
  const start = (asked: string, restful: boolean) => `client.enableRestfulMode(${restful});
const source = "return await client.post('auth', 'tokens', { name: 'x', scopes: ['admin'] });";
return await client.post('code', 'run', { source${asked} });`;
  for (const restful of [false, true])
    for (const asked of ['', ", scopes: ['admin']", ", scopes: ['patch']"]) {
      for (const begin of [() => run(start(asked, restful), ['patch']), () => run(start(asked, restful), undefined, token('patch'))])
        await expect(begin(), asked).rejects.toThrow(/insufficient_scope: .*needs the scope "admin"/);
    }
  expect(await workbench.call('GET', '/auth/tokens')).toEqual({ tokens: [] });
});

test('a single call can be made with less, on both transports, and never with more', async () => {
  const source = `const code = async (work) => { try { await work(); return 'went through'; } catch (error) { return error.code; } };
const ends = [];
for (const mode of ['direct', 'restful']) {
  const calls = client.via(mode);
  ends.push(await calls.get('auth', 'whoami', {}, { scopes: ['read'] }));
  ends.push(await code(() => calls.get('auth', 'tokens', {}, { scopes: ['patch'] })));
  ends.push(await code(() => calls.get('auth', 'whoami', {}, { scopes: ['admin'] })));
  ends.push(await code(async () => { for await (const _ of calls.stream('code', 'run', { source: '' }, { scopes: ['run'] })); }));
  // What it starts has no more than the call had.
  ends.push(await code(() => calls.post('code', 'run', { source: "await client.get('auth', 'tokens')" }, { scopes: ['patch'] })));
}
return ends;`;
  const each = (admin: string, kind: string, last: string) => [
    expect.objectContaining({ kind, scopes: ['read'] }) as object,
    ...['insufficient_scope', admin, 'insufficient_scope', last],
  ];
  const whole = each('went through', 'page', 'code_invalid');
  expect(await run(source)).toEqual([...whole, ...whole]);
  const less = each('insufficient_scope', 'script', 'code_invalid');
  expect(await run(source, ['patch'])).toEqual([...less, ...less]);
});

test('without a word on scopes everything goes, as before', async () => {
  const source = "return [(await client.get('auth', 'whoami')).kind, typeof services.model.swapWeights];";
  expect(await run(source)).toEqual(['page', 'function']);
});

test('what was refused is told with its scope, and the line that called', async () => {
  const error = await run("\nawait client.post('tokenizer', 'config', {});", ['read']).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(
    /2.*insufficient_scope: POST \/tokenizer\/config needs the scope "patch"; this script runs with "read"/s,
  );
});
