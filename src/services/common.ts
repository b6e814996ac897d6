/** The three operations that every service has, made from the contract: `info`, `examples`, `test`. */
import {
  API_VERSION,
  ApiError,
  type CaseResult,
  contract,
  type Example,
  type Output,
  type Route,
  routes,
  type ServiceName,
} from '../contract/index.ts';
import { type Call, runExample } from './examples/run.ts';

interface CommonInput {
  info: object;
  examples: { endpoint?: string };
  test: { cases?: string[] };
}

interface Case {
  route: Route;
  example: Example;
}

/**
 * @param state the live state for `info`
 * @param call calls any route with validation, to run examples
 * @param activeTokenizer its id, or `null` where there is none
 */
export function commonOperations(service: ServiceName, state: () => unknown, call: Call, activeTokenizer: () => Promise<string | null>) {
  const { description } = contract[service];
  const own = routes.filter((route) => route.service === service);
  const cases = own.flatMap((route) => route.endpoint.examples.map((example): Case => ({ route, example })));

  const tallyOf = async (chosen: readonly Case[]) => {
    const active = await activeTokenizer();
    const left_out = chosen.flatMap(({ route, example: { name, tokenizer } }) =>
      tokenizer === undefined || tokenizer === active
        ? []
        : [
            {
              name,
              endpoint: nameOf(route),
              reason: `It holds for the tokenizer ${tokenizer}; ${active === null ? 'none' : active} is active.`,
            },
          ],
    );
    return { count: chosen.length, left_out };
  };

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
        cases: await tallyOf(cases),
        state: (await state()) as never,
      };
    },

    async examples({ endpoint }: CommonInput['examples']): Promise<Output<'tokenizer', 'examples'>> {
      const chosen = endpoint === undefined ? cases : cases.filter(({ route }) => isCalled(route, endpoint));
      if (endpoint !== undefined && !own.some((route) => isCalled(route, endpoint))) {
        throw new ApiError(
          'not_found',
          `The ${service} service has no endpoint "${endpoint}"; it has ${[...new Set(own.map((route) => route.endpoint.path))].join(', ')}.`,
        );
      }
      return {
        ...(await tallyOf(chosen)),
        examples: chosen.map(({ route, example: { after: _, ...example } }) => ({ ...example, endpoint: nameOf(route) })),
      };
    },

    async test({ cases: names }: CommonInput['test']): Promise<Output<'tokenizer', 'test'>> {
      const unknown = names?.filter((name) => !cases.some(({ example }) => example.name === name)) ?? [];
      if (unknown.length > 0)
        throw new ApiError('not_found', `The ${service} service has no example named ${unknown.map((name) => `"${name}"`).join(', ')}.`);
      const start = performance.now();
      const chosen = names ? cases.filter(({ example }) => names.includes(example.name)) : cases;
      const tally = await tallyOf(chosen);
      const results: CaseResult[] = [];
      for (const { route, example } of chosen)
        if (!tally.left_out.some(({ name }) => name === example.name)) results.push(await runExample(route, example, call));
      const count = (matches: (result: CaseResult) => boolean) => results.filter(matches).length;
      return {
        ...tally,
        passed: count((result) => result.passed),
        failed: count((result) => !result.passed),
        duration_ms: performance.now() - start,
        cases: results,
      };
    },
  };
}

/** By its path, or by its method and path. */
const isCalled = ({ endpoint: { method, path } }: Route, name: string): boolean => name === path || name === `${method} ${path}`;
const nameOf = (route: Route) => `${route.endpoint.method} ${route.path}`;
