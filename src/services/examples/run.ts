/** Runs examples as tests: the same cases that document an endpoint check it. */
import { ApiError, type CaseResult, encodeTensors, type Example, type Route, withoutSecrets } from '../../contract/index.ts';
import { differences } from '../../contract/differences.ts';
import { evaluateRule } from '../../contract/validation-rules.ts';

/** Calls a route with validation, as a client would. */
export type Call = (route: Route, input: unknown) => Promise<unknown>;

export async function runExample(route: Route, example: Example, call: Call): Promise<CaseResult> {
  const start = performance.now();
  const outcome = await settle(async () => withoutSecrets(route.endpoint, await call(route, example.input)));
  const base = {
    name: example.name,
    endpoint: `${route.endpoint.method} ${route.path}`,
    description: example.description,
    input: example.input,
    duration_ms: performance.now() - start,
    rules: [] as CaseResult['rules'],
    diff: [] as CaseResult['diff'],
  };
  if ('error' in outcome) {
    const { code, message } = outcome.error;
    const asExpected = example.expected_error === code;
    return {
      ...base,
      passed: asExpected,
      expected: example.expected_error ? { error: example.expected_error } : example.expected_output,
      actual: { error: code, detail: message, errors: outcome.error.errors },
      diff: asExpected ? [] : [{ path: '/error', expected: example.expected_error ?? null, actual: code }],
    };
  }
  if (example.expected_error) {
    return {
      ...base,
      passed: false,
      expected: { error: example.expected_error },
      actual: outcome.data,
      diff: [{ path: '/error', expected: example.expected_error, actual: null }],
    };
  }
  const rules = Object.entries(example.validation_rules ?? {}).map(([name, expression]) =>
    evaluateRule(name, expression, example.input, outcome.data),
  );
  const diff = 'expected_output' in example ? differences(example.expected_output, outcome.data, example.tolerance ?? 0) : [];
  return {
    ...base,
    passed: diff.length === 0 && rules.every((rule) => rule.passed),
    expected: example.expected_output,
    actual: outcome.data,
    diff,
    rules,
  };
}

/** Results are compared in the form in which they travel. */
async function settle(call: () => Promise<unknown>): Promise<{ data: unknown } | { error: ApiError }> {
  try {
    return { data: JSON.parse(JSON.stringify(await call(), encodeTensors)) as unknown };
  } catch (error) {
    return { error: ApiError.from(error) };
  }
}
