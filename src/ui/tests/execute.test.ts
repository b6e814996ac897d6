/** A case of one's own as the page runs it, over the port and over REST: with all that the page has, and with less. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageAccess } from '../../client/page-access.ts';
import { PageClient } from '../../client/page-client.ts';
import type { Scope } from '../../contract/index.ts';
import { bothTransports } from '../../testing/both-transports.ts';
import { loadTinyModel, operations } from '../../testing/reference-workbench.ts';
import { execute } from './execute.ts';
import { type OwnCase, toTestCase } from './own-cases.ts';

const { direct, restful, close } = bothTransports(operations);
const texts = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const client = new PageClient(direct, new PageAccess('session', texts));
client.attachRestful(restful);
beforeAll(loadTinyModel);
afterAll(close);

const reads = { name: 'who', description: '', endpoint: 'GET /auth/whoami', input: {} };
const runs = { name: 'tokenize', description: '', endpoint: 'POST /tokenizer/tokenize', input: { text: 'a' } };

const verdict = async (own: OwnCase, scopes?: Scope[]) => {
  const { verdict: given, transports } = await execute(client, toTestCase({ ...own, ...(scopes && { scopes }) })!, {
    both: true,
    signal: new AbortController().signal,
  });
  return [given, transports?.differences, transports?.sides.map(({ code }) => code)];
};

test.each(['restful', 'direct'] as const)('called with less, a case is refused what it may not; the page’s own way: %s', async (mode) => {
  client.enableRestfulMode(mode === 'restful');
  expect(await verdict({ ...runs, expected_output: {} })).toEqual(['passed', [], [null, null]]);
  const refused = { ...runs, expected_error: 'insufficient_scope' };
  expect(await verdict(refused, ['read'])).toEqual(['passed', [], ['insufficient_scope', 'insufficient_scope']]);
  expect((await verdict(refused, ['run']))[0]).toBe('failed');
  expect((await verdict({ ...reads, expected_output: { scopes: ['read'] } }, ['read']))[0]).toBe('passed');
});
