/** Runs one case: the service tests its own example; a case of the user's own calls the endpoint and is compared here. */
import type { PageClient } from '../../client/page-client.ts';
import { ApiError, type CaseResult, encodeTensors, type ErrorCode, type Output, routes } from '../../contract/index.ts';
import type { Exchange } from '../kit/exchange.ts';
import type { TestCase } from './cases.ts';
import { type Difference, differences, lasting } from '../../contract/differences.ts';
import { evaluateRule } from '../../contract/validation-rules.ts';
import type { Verdict } from './history.ts';

type Mode = Exchange['mode'];

export interface CaseRun {
  verdict: Verdict;
  result: CaseResult | null;
  /** The test itself could not be run. */
  problem: ApiError | null;
  mode: Mode;
  /** As the page sees it, transport and all. */
  roundTripMs: number;
  at: number;
  transports?: TransportComparison;
}

export interface TransportComparison {
  sides: readonly TransportSide[];
  /** Restful is the expected side; times and ids are left out. */
  differences: readonly Difference[];
}

/** Where RESTful mode is not to be had, both calls go direct. */
export const isCompared = ({ sides }: Pick<TransportComparison, 'sides'>): boolean => sides.some(({ mode }) => mode === 'restful');

export interface TransportSide {
  mode: Mode;
  status: number;
  code: ErrorCode | null;
  durationMs: number;
}

export interface ExecuteOptions {
  /** Also sends the input over each transport and compares the answers. */
  both: boolean;
  signal: AbortSignal;
}

/** @throws ApiError cancelled, when the signal says so; every other failure is a result */
export async function execute(client: PageClient, test: TestCase, { both, signal }: ExecuteOptions): Promise<CaseRun> {
  const { mode } = client;
  const at = Date.now();
  const start = performance.now();
  let result: CaseResult | null = null;
  let problem: ApiError | null = null;
  try {
    result = test.own ? await runOwn(client, test, signal) : await runExample(client, test, signal);
  } catch (thrown) {
    problem = ApiError.from(thrown);
    if (signal.aborted) throw problem;
  }
  const roundTripMs = performance.now() - start;
  const verdict: Verdict = result?.passed ? 'passed' : 'failed';
  const run: CaseRun = { verdict, result, problem, mode, roundTripMs, at };
  if (!both) return run;
  const transports = await compareTransports(client, test, signal);
  if (signal.aborted) throw new ApiError('cancelled', 'The run was stopped.');
  return { ...run, transports };
}

async function runExample(client: PageClient, { service, name, after }: TestCase, signal: AbortSignal): Promise<CaseResult> {
  const route = routes.find((candidate) => candidate.service === service && candidate.operation === 'test')!;
  const report = (await client.call(route, { cases: [...after, name] }, { signal })) as Output<'tokenizer', 'test'>;
  const result = report.cases.find((each) => each.name === name);
  const leftOut = report.left_out.find((each) => each.name === name);
  if (leftOut) throw new ApiError('conflict', `The ${service} service leaves it out. ${leftOut.reason}`);
  if (!result) throw new ApiError('internal', `The ${service} service gave no result for "${name}".`);
  return result;
}

const lent = ({ scopes }: TestCase) => (scopes ? { scopes } : {});

async function runOwn(client: PageClient, test: TestCase, signal: AbortSignal): Promise<CaseResult> {
  const exchange = await client.send(test.service, test.operation, test.input as object, { signal, ...lent(test) });
  if (signal.aborted) throw new ApiError('cancelled', 'The run was stopped.');
  return judge(test, exchange);
}

/** The result of a case whose endpoint was called from here. */
export function judge(test: TestCase, exchange: Pick<Exchange, 'ok' | 'status' | 'data' | 'problem' | 'duration_ms'>): CaseResult {
  const { problem } = exchange;
  const actual = problem ? { error: problem.code, detail: problem.detail, errors: problem.errors } : asJson(exchange.data);
  const error = problem?.code ?? null;
  const wanted = test.expected_error ?? null;
  const diff =
    error !== null || wanted !== null
      ? error === wanted
        ? []
        : [{ path: '/error', expected: wanted, actual: error }]
      : 'expected_output' in test
        ? differences(test.expected_output, actual, test.tolerance)
        : [];
  const rules =
    error === null && wanted === null
      ? Object.entries(test.validation_rules ?? {}).map(([name, expression]) => evaluateRule(name, expression, test.input, actual))
      : [];
  return {
    name: test.name,
    endpoint: test.endpoint,
    description: test.description,
    passed: diff.length === 0 && rules.every(({ passed }) => passed),
    input: test.input,
    expected: wanted === null ? test.expected_output : { error: wanted },
    actual,
    diff,
    rules,
    duration_ms: exchange.duration_ms,
  };
}

/** In the form in which it travels. */
const asJson = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value, encodeTensors)));

async function compareTransports(client: PageClient, test: TestCase, signal: AbortSignal): Promise<TransportComparison> {
  const answers: Exchange[] = [];
  for (const mode of ['restful', 'direct'] as const) {
    for (const name of test.after) await sendExample(client, test.service, name, mode, signal);
    answers.push(await client.send(test.service, test.operation, test.input as object, { mode, signal, ...lent(test) }));
  }
  const [restful, direct] = answers.map((answer) =>
    answer.problem ? { status: answer.status, error: answer.problem.code } : { status: answer.status, data: lasting(asJson(answer.data)) },
  );
  return {
    sides: answers.map(({ mode, status, problem, duration_ms }) => ({
      mode,
      status,
      code: problem?.code ?? null,
      durationMs: duration_ms,
    })),
    // Both ways: the comparison looks only at the keys of its first side.
    differences: missed(differences(restful, direct, 1e-4), () => differences(direct, restful, 1e-4)),
  };
}

/** What only the other direction sees, with its sides put right. */
const missed = (found: Difference[], others: () => Difference[]): Difference[] =>
  found.length > 0 ? found : others().map(({ path, expected, actual }) => ({ path, expected: actual, actual: expected }));

async function sendExample(client: PageClient, service: string, name: string, mode: Mode, signal: AbortSignal): Promise<void> {
  for (const route of routes) {
    const example = route.service === service && route.endpoint.examples.find((each) => each.name === name);
    if (example) await client.send(service, route.operation, example.input as object, { mode, signal });
  }
}
