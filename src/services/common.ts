/** The three operations that every service has, made from the contract: `info`, `examples`, `test`. */
import { API_VERSION, ApiError, type CaseResult, contract, type Output, type Route, routes, type ServiceName } from '../contract/index.ts';
import { type Call, runExample } from './examples/run.ts';

interface CommonInput {
  info: object;
  examples: { endpoint?: string };
  test: { cases?: string[] };
}

/**
 * @param state the live state for `info`
 * @param call calls any route with validation, to run examples
 */
export function commonOperations(service: ServiceName, state: () => unknown, call: Call) {
  const { description } = contract[service];
  const own = routes.filter((route) => route.service === service);
  const cases = own.flatMap((route) => route.endpoint.examples.map((example) => ({ route, example })));

  return {
    async info(): Promise<Output<typeof service, 'info'>> {
      return {
        service,
        version: API_VERSION,
        description,
        endpoints: own.map(({ path, endpoint }) => ({
          method: endpoint.method,
          path,
          summary: endpoint.summary,
        })),
        state: (await state()) as never,
      };
    },

    examples({ endpoint }: CommonInput['examples']): Output<'tokenizer', 'examples'> {
      const chosen = endpoint === undefined ? cases : cases.filter(({ route }) => route.endpoint.path === endpoint);
      if (endpoint !== undefined && !own.some((route) => route.endpoint.path === endpoint)) {
        throw new ApiError(
          'not_found',
          `The ${service} service has no endpoint "${endpoint}"; it has ${[...new Set(own.map((route) => route.endpoint.path))].join(', ')}.`,
        );
      }
      return {
        count: chosen.length,
        examples: chosen.map(({ route, example: { after: _, ...example } }) => ({ ...example, endpoint: nameOf(route) })),
      };
    },

    async test({ cases: names }: CommonInput['test']): Promise<Output<'tokenizer', 'test'>> {
      const unknown = names?.filter((name) => !cases.some(({ example }) => example.name === name)) ?? [];
      if (unknown.length > 0)
        throw new ApiError('not_found', `The ${service} service has no example named ${unknown.map((name) => `"${name}"`).join(', ')}.`);
      const start = performance.now();
      const results: CaseResult[] = [];
      for (const { route, example } of cases) {
        // Running `test` from `test` would not end.
        if (names ? names.includes(example.name) : route.operation !== 'test') results.push(await runExample(route, example, call));
      }
      const count = (matches: (result: CaseResult) => boolean) => results.filter(matches).length;
      return {
        passed: count((result) => result.passed),
        failed: count((result) => !result.passed),
        duration_ms: performance.now() - start,
        cases: results,
      };
    },
  };
}

const nameOf = (route: Route) => `${route.endpoint.method} ${route.path}`;
