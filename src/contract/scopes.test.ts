/** The scope of every endpoint, as a person has reviewed it: what opens more or less than is written here is a decision, and changes this list. */
import { expect, test } from 'vitest';
import { allows, highest, scopes } from './scope.ts';
import { openApiDocument } from './openapi.ts';
import { routes, type Scope } from './index.ts';

const REVIEWED: Record<Scope, readonly string[]> = {
  read: [
    'GET /tokenizer/detokenize/{id}',
    'GET /tokenizer/config',
    'GET /tokenizer/info',
    'GET /tokenizer/examples',
    'GET /model/generations',
    'GET /model/generations/{id}',
    'GET /model/weights',
    'GET /model/info',
    'GET /model/examples',
    'GET /memory/allocations',
    'GET /memory/stats',
    'GET /memory/blocks',
    'GET /memory/config',
    'GET /memory/info',
    'GET /memory/examples',
    'GET /scheduler/queue',
    'GET /scheduler/policy',
    'GET /scheduler/info',
    'GET /scheduler/examples',
    'GET /computation/kernels',
    'GET /computation/kernels/{id}',
    'GET /computation/plans',
    'GET /computation/plans/{id}',
    'GET /computation/experiments',
    'GET /computation/experiments/{id}',
    'GET /computation/info',
    'GET /computation/examples',
    'GET /code/resources',
    'GET /code/resources/{id}',
    'GET /code/resources/{id}/revisions',
    'GET /code/info',
    'GET /code/examples',
    'GET /auth/whoami',
    'GET /auth/info',
    'GET /auth/examples',
  ],
  run: [
    'POST /tokenizer/tokenize',
    'POST /tokenizer/detokenize',
    'POST /tokenizer/chat_template',
    'POST /model/forward',
    'POST /model/generate',
    'DELETE /model/generations/{id}',
    'POST /memory/allocate',
    'DELETE /memory/free/{id}',
    'POST /scheduler/schedule',
    'POST /computation/execute',
    'POST /computation/benchmark',
    'POST /computation/plans',
    'PUT /computation/plans/{id}',
    'DELETE /computation/plans/{id}',
    'POST /computation/experiments',
    'DELETE /computation/experiments/{id}',
    'POST /computation/test',
    'POST /code/compare/{id}',
  ],
  patch: [
    'POST /tokenizer/config',
    'POST /tokenizer/test',
    'PUT /memory/config',
    'POST /memory/test',
    'PUT /scheduler/policy',
    'POST /scheduler/test',
    'PUT /code/resources/{id}',
    'DELETE /code/resources/{id}',
    'POST /code/resources/{id}/revert',
    'POST /code/test/{id}',
    'POST /code/run',
    'POST /code/test',
  ],
  admin: ['PUT /model/weights', 'POST /model/test', 'GET /auth/tokens', 'POST /auth/tokens', 'DELETE /auth/tokens/{id}', 'POST /auth/test'],
};

const scopeOf = new Map(Object.entries(REVIEWED).flatMap(([scope, names]) => names.map((name) => [name, scope])));

test('every endpoint has the scope that was reviewed, and none is left over', () => {
  const asDefined = Object.fromEntries(routes.map(({ path, endpoint }) => [`${endpoint.method} ${path}`, endpoint.scope]));
  expect(asDefined).toEqual(Object.fromEntries(scopeOf));
});

test('what changes nothing needs no more than `read`, save the list of tokens; what a GET does not do, `read` does not', () => {
  for (const { path, endpoint } of routes) {
    if (endpoint.method === 'GET') expect(endpoint.scope, path).toBe(path === '/auth/tokens' ? 'admin' : 'read');
    else expect(allows(['read'], endpoint.scope), path).toBe(false);
  }
});

test('each scope implies those before it', () => {
  scopes.forEach((granted, i) => scopes.forEach((needed, j) => expect(allows([granted], needed), `${granted} for ${needed}`).toBe(i >= j)));
  expect(allows([], 'read')).toBe(false);
  expect(allows(['read', 'patch'], 'run')).toBe(true);
  expect([highest([]), highest(['run', 'read']), highest(['patch', 'admin', 'run'])]).toEqual(['read', 'run', 'admin']);
});

interface Operation {
  security: Record<string, string[]>[];
  'x-scope': string;
  responses: Record<string, { description: string; headers?: Record<string, unknown>; content: Record<string, unknown> }>;
}

test.each([false, true])('the document says of each operation what it needs; tokens required: %s', (required) => {
  const document = JSON.parse(JSON.stringify(openApiDocument(required))) as {
    paths: Record<string, Record<string, Operation>>;
    components: { securitySchemes: object };
  };
  expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  for (const { path, endpoint } of routes) {
    const operation = document.paths[path]![endpoint.method.toLowerCase()]!;
    expect(operation['x-scope'], path).toBe(endpoint.scope);
    // While nobody is asked, a call without credentials is one of the ways.
    expect(operation.security, path).toEqual([{ bearer: [] }, ...(required ? [] : [{}])]);
    expect(operation.responses['403']!.description, path).toContain(`needs \`${endpoint.scope}\``);
    for (const status of ['401', '403']) {
      expect(Object.keys(operation.responses[status]!.content), path).toEqual(['application/problem+json']);
      expect(operation.responses[status]!.headers, path).toHaveProperty('WWW-Authenticate');
    }
  }
});
