/** The guard over the contract: every endpoint with no token, with each scope, with a revoked and an expired token; and what a refusal says. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Example, type Route, routes, type Scope, SCOPES, scopes, serviceNames } from '../contract/index.ts';
import { MemoryRecords } from '../environment/record-store.ts';
import { AuthService } from '../services/auth/index.ts';
import { newToken } from '../contract/token.ts';
import { reviewedScopes } from '../testing/reviewed-scopes.ts';
import type { KeptToken } from '../services/auth/token-store.ts';
import type { Operations } from './dispatch.ts';
import { createRestApp } from './rest/app.ts';
import { buildRequest } from './rest/fetch-client.ts';

type Credential = 'no token' | Scope | 'revoked' | 'expired' | 'unknown' | 'session';

const records = new MemoryRecords<KeptToken>();
const session = newToken().token;
const auth = new AuthService(records, { required: true, session });
/** Each answers, and says that it was reached: what they do is another matter. */
let reached: string[] = [];
const operations = Object.fromEntries(
  serviceNames.map((name) => [
    name,
    Object.fromEntries(
      routes
        .filter(({ service }) => service === name)
        .map(({ operation, path }) => [
          operation,
          () => {
            reached.push(path);
            return {};
          },
        ]),
    ),
  ]),
) as unknown as Operations;
const app = createRestApp(operations, auth);
const tokens = new Map<Credential, string>([
  ['unknown', newToken().token],
  ['session', session],
]);

beforeAll(async () => {
  for (const scope of scopes) tokens.set(scope, (await auth.createToken({ name: scope, scopes: [scope] })).token);
  const { id, token: revoked } = await auth.createToken({ name: 'revoked', scopes: ['admin'] });
  await auth.revokeToken({ id });
  tokens.set('revoked', revoked);
  const { token, id: expired } = await auth.createToken({ name: 'expired', scopes: ['admin'], expires_in_s: 60 });
  await records.change(expired, undefined, (kept) => ({ ...kept!, expires_at: new Date(Date.now() - 1).toISOString() }));
  tokens.set('expired', token);
});
beforeEach(() => (reached = []));

/** An input that is taken. */
function inputOf({ endpoint }: Route): object {
  const examples: readonly Example[] = endpoint.examples;
  return examples.find(({ input }) => endpoint.input.strict().safeParse(input).success)!.input as object;
}

const send = (route: Route, credential: Credential) =>
  Promise.resolve(
    app.fetch(buildRequest('http://glassbox/api', route, inputOf(route), { requestId: 'r1', token: tokens.get(credential) ?? null })),
  );

/** What the scopes open, written out here and not asked of the code. */
const OPENS: Record<Scope, readonly Scope[]> = {
  read: ['read'],
  run: ['read', 'run'],
  patch: ['read', 'run', 'patch'],
  admin: ['read', 'run', 'patch', 'admin'],
};

const named = routes.map((route) => [`${route.endpoint.method} ${route.path}`, route] as const);

describe.each(named)('%s', (name, route) => {
  // From the list that a person reviewed, not from the contract.
  const scope = reviewedScopes.get(name)!;

  test.each(['no token', 'revoked', 'expired', 'unknown'] as const)('%s: 401', async (credential) => {
    const response = await send(route, credential);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const given = response.headers.get('www-authenticate');
    if (credential === 'no token') expect(given).toBe('Bearer realm="glassbox"');
    else expect(given).toMatch(/^Bearer realm="glassbox", error="invalid_token", error_description="[^"\\]+"$/);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 401, code: 'unauthenticated', request_id: 'r1' });
    if (credential !== 'no token') expect(text + given).not.toContain(tokens.get(credential));
    expect(reached).toEqual([]);
  });

  test.each(scopes)('a token with %s', async (granted) => {
    const response = await send(route, granted);
    if (OPENS[granted].includes(scope)) {
      expect(response.status).toBe(200);
      expect(reached).toEqual([route.path]);
      return;
    }
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(
      new RegExp(`^Bearer realm="glassbox", error="insufficient_scope", error_description="[^"\\\\\\\\]+", scope="${scope}"$`),
    );
    const problem = (await response.json()) as { detail: string };
    expect(problem).toMatchObject({ status: 403, code: 'insufficient_scope' });
    expect(problem.detail).toContain(`needs the scope "${scope}"`);
    expect(reached).toEqual([]);
  });

  test('the page’s own session', async () => {
    expect((await send(route, 'session')).status).toBe(200);
    expect(reached).toEqual([route.path]);
  });
});

/** What the reviewed list says that each scope is answered, and what it is answered. */
const expected = (name: string) => scopes.map((granted) => (OPENS[granted].includes(reviewedScopes.get(name)!) ? 200 : 403));
const answered = (route: Route) => Promise.all(scopes.map(async (granted) => (await send(route, granted)).status));

test.each(named)('a scope of %s that is lowered, raised or taken away turns the table red', async (name, route) => {
  const { endpoint } = route;
  const { scope } = endpoint;
  expect(await answered(route)).toEqual(expected(name));
  try {
    for (const other of [...scopes.filter((each) => each !== scope), undefined]) {
      Object.assign(endpoint, { scope: other });
      expect(await answered(route), String(other)).not.toEqual(expected(name));
      // Taken away, it opens to nobody.
      if (other === undefined) expect(await answered(route)).toEqual(scopes.map(() => 403));
    }
  } finally {
    Object.assign(endpoint, { scope });
  }
});

const ask = (path: string, init: RequestInit = {}) => Promise.resolve(app.fetch(new Request(`http://glassbox/api${path}`, init)));
const bearer = (credential: Credential) => ({ authorization: `Bearer ${tokens.get(credential)}` });

test('a refusal comes before anything is read of the body', async () => {
  const broken = { method: 'POST', body: '{"text":', headers: { 'content-type': 'application/json' } };
  expect((await ask('/tokenizer/tokenize', broken)).status).toBe(401);
  expect((await ask('/tokenizer/tokenize', { ...broken, headers: { ...broken.headers, ...bearer('read') } })).status).toBe(403);
  expect((await ask('/tokenizer/tokenize', { ...broken, headers: { ...broken.headers, ...bearer('run') } })).status).toBe(400);
});

test('HEAD is asked as GET is, and other methods say what is taken', async () => {
  expect((await ask('/memory/stats', { method: 'HEAD' })).status).toBe(401);
  expect((await ask('/memory/stats', { method: 'HEAD', headers: bearer('read') })).status).toBe(200);
  expect((await ask('/memory/stats', { method: 'PATCH' })).status).toBe(405);
});

test('a slash too many, or an encoded one, leads past no guard', async () => {
  for (const path of ['//memory/stats', '/memory//stats', '/code/resources/a%2Fb']) expect((await ask(path)).status, path).toBe(401);
  expect((await ask('/memory/%73tats')).status).toBe(404);
  expect(reached).toEqual([]);
});

test('the document and the list of services are for everyone', async () => {
  expect((await ask('')).status).toBe(200);
  const document = (await (await ask('/openapi.json')).json()) as { paths: Record<string, Record<string, { security: object[] }>> };
  expect(document.paths['/memory/stats']!['get']!.security).toEqual([{ bearer: [] }]);
});

test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Bearer a b', 'bearer', `Token ${session}`])(
  '“%s” is no bearer token',
  async (value) => {
    const response = await ask('/memory/stats', { headers: { authorization: value } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="glassbox"');
  },
);

test('the scheme is written in any case (RFC 9110)', async () => {
  expect((await ask('/memory/stats', { headers: { authorization: `bearer ${session}` } })).status).toBe(200);
});

test('a token in the address opens nothing, and is not repeated', async () => {
  const token = tokens.get('admin')!;
  const response = await ask(`/memory/stats?access_token=${token}`);
  expect(response.status).toBe(401);
  expect(await response.text()).not.toContain(token);
  const refused = await ask(`/memory/stats?access_token=${token}`, { headers: bearer('read') });
  expect(refused.status).toBe(422);
  expect(await refused.text()).not.toContain(token);
});

test('a request may ask for less than its caller has, and not for more; also where nobody is asked', async () => {
  const asking = async (scopes: string, path: string, headers = {}, method = 'GET') =>
    (await ask(path, { method, headers: { 'x-scopes': scopes, ...headers } })).status;
  for (const required of [true, false]) {
    auth.required = required;
    const page = { authorization: `Bearer ${session}` };
    expect(await asking('read', '/memory/stats', page)).toBe(200);
    expect(await asking('read run', '/auth/tokens', page)).toBe(403);
    expect(await asking('admin', '/auth/tokens', page)).toBe(200);
    for (const nonsense of ['', 'root', 'read,run', 'read  run']) expect(await asking(nonsense, '/memory/stats', page), nonsense).toBe(422);
  }
  auth.required = true;
  expect(await asking('read', '/memory/stats')).toBe(401);
  expect(await asking('run', '/code/run', bearer('patch'), 'POST')).toBe(403);
  expect(await asking('admin', '/memory/stats', bearer('patch')), 'more than the token has').toBe(403);
});

test('while no token is required nobody is asked, whatever they send', async () => {
  auth.required = false;
  try {
    for (const headers of [{}, bearer('read'), bearer('revoked'), { authorization: 'Basic x' }])
      expect((await ask('/auth/tokens', { headers })).status).toBe(200);
  } finally {
    auth.required = true;
  }
});

test('every scope is told in words', () => {
  for (const [scope, opens] of Object.entries(SCOPES)) expect(opens, scope).toMatch(/^[A-Z].+\.$/);
});
