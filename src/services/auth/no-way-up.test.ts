/** What a token for `run` opens changes nothing that serves, and no token opens what makes tokens: every example of every endpoint is sent by it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allows, type Example, routes, type Scope } from '../../contract/index.ts';
import { referencePlatform } from '../../testing/model-platforms.ts';
import { reviewedScopes } from '../../testing/reviewed-scopes.ts';
import { openWorkbench } from '../../testing/workbench.ts';
import { buildRequest } from '../../transport/rest/fetch-client.ts';

const PATIENT_MS = 120_000;

const workbench = openWorkbench({ models: referencePlatform() }, { auth: { required: true } });
const { auth } = workbench.services;
beforeAll(() => workbench.load());
afterAll(() => workbench.close());

const SERVES = [
  '/code/resources',
  '/scheduler/policy',
  '/memory/config',
  '/tokenizer/config',
  '/model/weights',
  '/auth/tokens',
  '/auth/info',
] as const;

/** Without what moves by itself. */
const WATCHED = new Set(['last_used_at', 'started_at', 'uptime_ms']);
async function whatServes(): Promise<string> {
  const all = [];
  for (const path of SERVES) all.push(await workbench.call('GET', path));
  return JSON.stringify(all, (key, value: unknown) => (WATCHED.has(key) ? undefined : value));
}

async function sendAll(token: string): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (const route of routes)
    for (const { input } of route.endpoint.examples as readonly Example[]) {
      const request = buildRequest('http://glassbox/api', route, input as object, { requestId: 'r', token });
      const response = await workbench.app.fetch(request);
      await response.text();
      last.set(`${route.endpoint.method} ${route.path}`, response.status);
    }
  return last;
}

test.each<Scope>(['read', 'run'])(
  'a token with %s changes nothing that serves',
  async (scope) => {
    const { token } = await auth.createToken({ name: scope, scopes: [scope] });
    const before = await whatServes();
    const statuses = await sendAll(token);
    for (const [name, status] of statuses) {
      if (allows([scope], reviewedScopes.get(name)!)) expect([401, 403], name).not.toContain(status);
      else expect(status, name).toBe(403);
    }
    expect(await whatServes()).toBe(before);
  },
  PATIENT_MS,
);
