/** The conformance suite in Node: every example over the port and over REST, where it shows a token, gives the same data, and passes as a test of its service. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError, routes, serviceNames, withoutSecrets } from '../contract/index.ts';
import { nodeWorkers } from '../services/code/testing/node-workers.ts';
import { newToken } from '../contract/token.ts';
import { SHADERS } from '../services/computation/kernel-definition.ts';
import { bothTransports } from '../testing/both-transports.ts';
import { ortPlatform } from '../testing/model-platforms.ts';
import { openWorkbench } from '../testing/workbench.ts';
import { stable } from './conformance.ts';
import { dispatch, newContext } from './dispatch.ts';
import type { Transport } from './transport.ts';

const PATIENT_MS = 120_000;

/** The bundled model on the runtime's WASM, as a page without WebGPU has it; candidates are checked in threads. */
const { token } = newToken();
const workbench = openWorkbench(
  { models: ortPlatform(), spawnCandidate: await nodeWorkers() },
  { auth: { required: true, session: token } },
);
const { operations } = workbench;
const { direct, restful, close } = bothTransports(operations, { guard: workbench.services.auth, token });
beforeAll(async () => {
  await workbench.load();
  await workbench.checker.warmUp();
}, PATIENT_MS);
afterAll(async () => {
  close();
  await workbench.close();
});

const outcome = (transport: Transport, route: (typeof routes)[number], input: unknown) =>
  transport.call(route, input as object).then(
    (data) => ({ data: stable(withoutSecrets(route.endpoint, data)) }),
    (error: unknown) => ({ code: ApiError.from(error).code, errors: ApiError.from(error).errors }),
  );

const cases = routes.flatMap((route) =>
  route.endpoint.examples.map((example) => ({ route, example, title: `${route.endpoint.method} ${route.path}: ${example.name}` })),
);

test.each(cases)('$title', { timeout: PATIENT_MS }, async ({ route, example }) => {
  const [overPort, overRest] = [await outcome(direct, route, example.input), await outcome(restful, route, example.input)];
  // Blocks that an example holds expire by themselves; the next case finds the same pool on both transports.
  if (route.operation === 'allocate') await new Promise((resolve) => setTimeout(resolve, 60));
  expect(overPort).toEqual(overRest);
});

test.each(serviceNames)('the examples of the %s service pass', { timeout: PATIENT_MS }, async (service) => {
  const route = routes.find((candidate) => candidate.service === service && candidate.operation === 'test')!;
  const { cases: results } = (await dispatch(operations, route, {}, newContext('direct', 'conformance'))) as {
    cases: { name: string; passed: boolean; diff: unknown; rules: { passed: boolean }[]; actual: unknown }[];
  };
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
});

test.each(SHADERS)('without WebGPU $resourceId is read and computed by its reference, and refused as a patch, by name', async (kernel) => {
  const { id, resourceId, source } = kernel;
  for (const transport of [direct, restful]) {
    const call = (operation: string, input: object) =>
      transport.call(
        routes.find((route) => route.operation === operation)!,
        input,
      ) as Promise<Record<string, unknown>>;
    expect(await call('kernel', { id })).toMatchObject({ available: false, source, unavailable_reason: expect.stringContaining('WebGPU') });
    expect(await call('execute', { kernel: id })).toMatchObject({ execution_provider: 'reference' });
    await expect(call('patch', { id: resourceId, source: `${source}\n` })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(new RegExp(`^${resourceId} can't be checked here.*There is no WebGPU here`)),
    });
  }
});

test('tensors are typed arrays on both transports, wherever they stand in an answer', { timeout: PATIENT_MS }, async () => {
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
