/** The results as files for other tools: JUnit XML for build servers, JSON for everything else. */
import { brief, briefPair } from '../kit/json/brief.ts';
import type { CaseRun } from './execute.ts';
import type { TestCase } from './cases.ts';

export interface Reported {
  test: TestCase;
  /** `null`: not run since the page was opened. */
  run: CaseRun | null;
}

/** The dialect that build servers read: suites by service, `failure` for a wrong answer, `error` for a test that could not run. */
export function junitXml(reported: readonly Reported[]): string {
  const services = [...new Set(reported.map(({ test }) => test.service))];
  const suites = services.map((service) =>
    suite(
      service,
      reported.filter(({ test }) => test.service === service),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="glassbox" ${totals(reported)}>\n${suites.join('\n')}\n</testsuites>\n`;
}

const isError = ({ run }: Reported) => run?.verdict === 'failed' && run.problem !== null;
const isFailure = ({ run }: Reported) => run?.verdict === 'failed' && run.problem === null;
const isSkipped = ({ run }: Reported) => run === null;
const seconds = (ms: number) => (ms / 1000).toFixed(6);
const durationOf = ({ run }: Reported) => run?.result?.duration_ms ?? run?.roundTripMs ?? 0;

function totals(cases: readonly Reported[]): string {
  const time = seconds(cases.reduce((sum, each) => sum + durationOf(each), 0));
  const count = (matches: (each: Reported) => boolean) => cases.filter(matches).length;
  return `tests="${cases.length}" failures="${count(isFailure)}" errors="${count(isError)}" skipped="${count(isSkipped)}" time="${time}"`;
}

function suite(service: string, cases: readonly Reported[]): string {
  const first = Math.min(...cases.flatMap(({ run }) => (run ? [run.at] : [])));
  const timestamp = Number.isFinite(first) ? ` timestamp="${new Date(first).toISOString().slice(0, 19)}"` : '';
  return `  <testsuite name="${escapeXml(service)}" ${totals(cases)}${timestamp}>\n${cases.map(testcase).join('\n')}\n  </testsuite>`;
}

function testcase(each: Reported): string {
  const { test, run } = each;
  const head = `    <testcase classname="${escapeXml(`${test.service}.${test.operation}`)}" name="${escapeXml(test.name)}" time="${seconds(durationOf(each))}"`;
  const inside = outcome(run);
  return inside === null ? `${head}/>` : `${head}>\n      ${inside}\n    </testcase>`;
}

function outcome(run: CaseRun | null): string | null {
  if (run === null) return '<skipped message="not run"/>';
  if (run.verdict === 'passed') return null;
  if (run.problem) return `<error type="${run.problem.code}" message="${escapeXml(run.problem.message)}"/>`;
  const lines = complaints(run);
  return `<failure type="mismatch" message="${escapeXml(lines[0] ?? 'failed')}">${escapeXml(lines.join('\n'))}</failure>`;
}

/** What was wrong, one line a difference or rule. */
export function complaints({ result, problem }: Pick<CaseRun, 'result' | 'problem'>): string[] {
  if (problem) return [problem.message];
  if (!result) return [];
  return [
    ...result.diff.map(({ path, expected, actual }) => `${path || '/'}: ${mismatch(expected, actual)}`),
    ...result.rules
      .filter(({ passed }) => !passed)
      .map(({ name, expression, value, error }) => `rule ${name}: ${expression} gives ${error ? `an error, ${error}` : brief(value)}`),
  ];
}

const mismatch = (expected: unknown, actual: unknown): string =>
  Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length
    ? `expected ${expected.length} items, got ${actual.length}`
    : `expected ${briefPair(expected, actual).join(', got ')}`;

/** For text and attributes; characters that XML 1.0 cannot hold in any form become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    [...text]
      .map((character) => (allowedInXml(character.codePointAt(0)!) ? character : '\uFFFD'))
      .join('')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // Kept as they are in text, lost in attributes.
      .replaceAll('\n', '&#10;')
      .replaceAll('\t', '&#9;')
      .replaceAll('\r', '&#13;')
  );
}

const allowedInXml = (code: number): boolean =>
  code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;

export function jsonReport(reported: readonly Reported[], about: object): string {
  const cases = reported.map(({ test, run }) => ({
    service: test.service,
    name: test.name,
    endpoint: test.endpoint,
    own: test.own,
    verdict: run?.verdict ?? 'not_run',
    ...(run && { mode: run.mode, at: new Date(run.at).toISOString(), round_trip_ms: run.roundTripMs }),
    ...(run?.problem && { problem: { code: run.problem.code, detail: run.problem.message } }),
    ...(run?.result && { result: run.result }),
    ...(run?.transports && { transports: run.transports }),
  }));
  return JSON.stringify({ ...about, cases }, null, 2);
}
