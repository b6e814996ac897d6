/** However many example cases a service is said to have, it is the same number: in its info, its list, its tests, and around each answer. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../client/client.ts';
import { routes, type ServiceName, serviceNames } from '../contract/index.ts';
import { bothTransports } from '../testing/both-transports.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';

const PATIENT_MS = 60_000;
const { direct, restful, close } = bothTransports(operations);
beforeAll(loadTinyModel);
afterAll(close);

const overRest = new Client({ direct, restful });
const CLIENTS = [
  ['over the port', new Client({ direct, restful: null })],
  ['over REST', overRest],
] as const;
const services = CLIENTS.flatMap(([mode, client]) => serviceNames.map((service) => [service, mode, client] as const));

/** Every service has these three, with the same shape. */
const as = (service: ServiceName) => service as 'tokenizer';

describe.each(services)('%s %s', (service, _mode, client) => {
  test('info, examples and test agree, and name what is left out with its reason', { timeout: PATIENT_MS }, async () => {
    const { cases } = await client.get(as(service), 'info');
    const { examples, ...listed } = await client.get(as(service), 'examples');
    const { passed, failed, count, left_out, cases: results } = await client.post(as(service), 'test', {});
    expect(listed).toEqual(cases);
    expect({ count, left_out }).toEqual(cases);
    expect(examples).toHaveLength(count);
    expect(count).toBe(
      routes.filter((route) => route.service === service).reduce((sum, { endpoint }) => sum + endpoint.examples.length, 0),
    );
    expect(passed + failed + left_out.length).toBe(count);
    expect(results).toHaveLength(passed + failed);
    expect([...results, ...left_out].map(({ name }) => name).toSorted()).toEqual(examples.map(({ name }) => name).toSorted());
    for (const { reason } of left_out) expect(reason).toMatch(/^It holds for .+\.$/);
    // The tiny model has another tokenizer than the example is about.
    expect(left_out.map(({ name }) => name)).toEqual(service === 'tokenizer' ? ['a basic tokenization'] : []);
  });

  test('any choice of cases comes to its number', { timeout: PATIENT_MS }, async () => {
    // Cheap ones, and those that are left out.
    const names = routes
      .filter(
        (route) =>
          route.service === service && /^(info|examples|tokenize|config)$/.test(route.endpoint.path) && route.endpoint.method !== 'PUT',
      )
      .flatMap(({ endpoint }) => endpoint.examples.map(({ name }) => name));
    await fc.assert(
      fc.asyncProperty(fc.subarray(names), async (chosen) => {
        const { count, passed, failed, left_out } = await client.post(as(service), 'test', { cases: chosen });
        expect(count).toBe(chosen.length);
        expect(passed + failed + left_out.length).toBe(count);
      }),
      { numRuns: 10 },
    );
  });

  test('of a path, and of a method there', async () => {
    for (const { endpoint } of routes.filter((route) => route.service === service)) {
      const { count } = await client.get(as(service), 'examples', { endpoint: `${endpoint.method} ${endpoint.path}` });
      expect(count, endpoint.path).toBe(endpoint.examples.length);
      const atPath = routes.filter((route) => route.service === service && route.endpoint.path === endpoint.path);
      expect((await client.get(as(service), 'examples', { endpoint: endpoint.path })).count).toBe(
        atPath.reduce((sum, route) => sum + route.endpoint.examples.length, 0),
      );
    }
  });
});

test.each(serviceNames)('the envelope of %s counts what its link leads to', async (service) => {
  for (const path of ['info', 'examples'] as const) {
    const { examples } = await overRest.envelope('GET', as(service), path);
    const endpoint = new URL(examples.href, 'http://glassbox/').searchParams.get('endpoint')!;
    expect(await overRest.get(as(service), 'examples', { endpoint })).toMatchObject({ count: examples.count });
  }
  // Two methods at one path.
  if (service !== 'tokenizer') return;
  const { examples } = await overRest.envelope('GET', 'tokenizer', 'config');
  expect(examples).toMatchObject({ count: 1, href: 'api/tokenizer/examples?endpoint=GET%20config' });
});
