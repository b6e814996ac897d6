/** Scopes in the contract and in its document. */
import { expect, test } from 'vitest';
import { reviewedScopes } from '../testing/reviewed-scopes.ts';
import { allows, highest, scopes } from './scope.ts';
import { openApiDocument } from './openapi.ts';
import { routes } from './index.ts';

test('every endpoint has the scope that was reviewed, and none is left over', () => {
  const asDefined = Object.fromEntries(routes.map(({ path, endpoint }) => [`${endpoint.method} ${path}`, endpoint.scope]));
  expect(asDefined).toEqual(Object.fromEntries(reviewedScopes));
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
  expect(allows(['admin'], undefined as never), 'a scope that there is not').toBe(false);
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
