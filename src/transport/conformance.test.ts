/** The conformance suite in Node: every example over the port and over REST gives the same data, and passes as a test of its service. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError, routes, serviceNames } from '../contract/index.ts';
import { bothTransports } from '../testing/both-transports.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { stable } from './conformance.ts';
import { dispatch, newContext } from './dispatch.ts';
import type { Transport } from './transport.ts';

const { direct, restful, close } = bothTransports(operations);
beforeAll(loadTinyModel);
afterAll(close);

const outcome = (transport: Transport, route: (typeof routes)[number], input: unknown) =>
  transport.call(route, input as object).then(
    (data) => ({ data: stable(data) }),
    (error: unknown) => ({ code: ApiError.from(error).code, errors: ApiError.from(error).errors }),
  );

const cases = routes.flatMap((route) =>
  route.endpoint.examples.map((example) => ({ route, example, title: `${route.endpoint.method} ${route.path}: ${example.name}` })),
);

test.each(cases)('$title', async ({ route, example }) => {
  const [overPort, overRest] = [await outcome(direct, route, example.input), await outcome(restful, route, example.input)];
  // Blocks that an example holds expire by themselves; the next case finds the same pool on both transports.
  if (route.operation === 'allocate') await new Promise((resolve) => setTimeout(resolve, 60));
  expect(overPort).toEqual(overRest);
});

test.each(serviceNames)('the examples of the %s service pass', async (service) => {
  const route = routes.find((candidate) => candidate.service === service && candidate.operation === 'test')!;
  const { cases: results } = (await dispatch(operations, route, {}, newContext('direct', 'conformance'))) as {
    cases: { name: string; passed: boolean; diff: unknown; rules: { passed: boolean }[]; actual: unknown }[];
  };
  // A part of the services stands here; the others' examples pass in the browser.
  const isServed = (actual: unknown) => !JSON.stringify(actual).includes(' not served here');
  expect(results.filter(({ passed, actual }) => !passed && isServed(actual))).toEqual([]);
});

test('tensors are typed arrays on both transports, wherever they stand in an answer', async () => {
  const kinds: Record<string, string> = {};
  const compare = (one: unknown, other: unknown, path: string): void => {
    if (typeof one !== 'object' || one === null) return expect(typeof other, path).toBe(typeof one);
    const { name } = one.constructor;
    expect((other as object | null)?.constructor.name, path).toBe(name);
    if (ArrayBuffer.isView(one)) kinds[path.replaceAll(/\d+/g, '*')] = name;
    else for (const [key, value] of Object.entries(one)) compare(value, (other as Record<string, unknown>)[key], `${path}/${key}`);
  };
  const whole = routes.find(({ operation }) => operation === 'forward')!;
  const inputs = [
    ...cases.filter(({ example }) => !example.expected_error).map(({ route, example }) => ({ route, input: example.input as object })),
    { route: whole, input: { input_ids: [1, 5, 6], logits: 'all', capture: ['hidden_states.0'] } },
  ];
  for (const { route, input } of inputs) {
    if (route.operation === 'info' || route.operation === 'test' || route.endpoint.safe === false) continue;
    const [overPort, overRest] = await Promise.all(
      [direct.call(route, input), restful.call(route, input)].map((call) => call.catch(() => null)),
    );
    if (overPort !== null && overRest !== null) compare(overPort, overRest, route.path);
  }
  expect(kinds).toMatchObject({ '/model/forward/logits/data': 'Float32Array', '/memory/blocks/references/data': 'Int32Array' });
});
