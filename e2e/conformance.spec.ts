/** One suite, both transports: every example of every endpoint, in real Chromium, must give the same `data`; over REST with the page's token, which the guard asks for. */
import { routes, serviceNames } from '../src/contract/index.ts';
import { stable } from '../src/transport/conformance.ts';
import { expect, test } from './support.ts';

test('every example gives the same data over REST and direct', async ({ app }) => {
  test.setTimeout(300_000);
  await app.open();
  const cases = routes.flatMap(({ service, operation, endpoint }) =>
    endpoint.examples.map((example) => ({ service, operation, name: example.name, input: example.input })),
  );
  const results = await app.page.evaluate(async (all) => {
    const { client } = globalThis.glassbox;
    client.access.require(true);
    const out = [];
    for (const { service, operation, name, input } of all) {
      const [rest, direct] = [
        await client.send(service, operation, input as object, { mode: 'restful' }),
        await client.send(service, operation, input as object, { mode: 'direct' }),
      ];
      const pick = (exchange: typeof rest) => ({
        status: exchange.status,
        data: exchange.data,
        code: exchange.problem?.code,
        errors: exchange.problem?.errors,
      });
      // The blocks that these examples hold expire by themselves; both transports shall find the same pool.
      if (operation === 'allocate') await new Promise((resolve) => setTimeout(resolve, 150));
      // Typed arrays come back to the test as plain lists.
      const plain = (value: unknown): unknown =>
        JSON.parse(
          JSON.stringify(value, (_, item: unknown) =>
            ArrayBuffer.isView(item) ? Array.from(item as unknown as ArrayLike<number>) : item,
          ) ?? 'null',
        );
      out.push({ case: `${service}.${operation}: ${name}`, rest: plain(pick(rest)), direct: plain(pick(direct)) });
    }
    return out;
  }, cases);
  // The browser itself writes a line for each answer above 399.
  app.complaints.splice(0);
  expect(results.length).toBe(cases.length);
  for (const result of results) expect.soft(stable(result.direct), result.case).toEqual(stable(result.rest));
  const answered = results.filter(({ rest }) => (rest as { status: number }).status === 200).length;
  expect(answered, 'cases that were answered with data').toBeGreaterThan(50);
});

test('the examples of every service pass as its tests', async ({ app }) => {
  await app.open();
  for (const service of serviceNames) {
    const { failed, cases } = await app.page.evaluate((name) => globalThis.glassbox.client.post(name, 'test', {}), service);
    expect
      .soft(
        cases
          .filter(({ passed }) => !passed)
          .map(({ name, diff, rules, actual }) => ({ name, diff, actual, rules: rules.filter((rule) => !rule.passed) })),
        service,
      )
      .toEqual([]);
    expect.soft(failed, service).toBe(0);
  }
});
