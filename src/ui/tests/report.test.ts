import { describe, expect, it } from 'vitest';
import { ApiError, type CaseResult } from '../../contract/index.ts';
import { caseOf, hrefOf, keyInPath } from './cases.ts';
import type { CaseRun } from './execute.ts';
import { escapeXml, jsonReport, junitXml, type Reported } from './report.ts';

const test = caseOf({ name: 'a "b" <c> & d', description: '', endpoint: 'POST /tokenizer/tokenize', input: { text: 'x' } })!;
const result: CaseResult = {
  name: test.name,
  endpoint: test.endpoint,
  description: '',
  passed: false,
  input: test.input,
  actual: {},
  diff: [{ path: '/tokens/0', expected: '<s>', actual: 'a\u0000' }],
  rules: [{ name: 'size', expression: 'size(output.x) > 1 && true', value: false, passed: false }],
  duration_ms: 1500,
};
const run = (change: Partial<CaseRun>): CaseRun => ({
  verdict: 'failed',
  result,
  problem: null,
  mode: 'direct',
  roundTripMs: 2000,
  at: 0,
  ...change,
});

describe('junitXml', () => {
  const reported: Reported[] = [
    { test, run: run({}) },
    { test, run: run({ verdict: 'passed', result: { ...result, passed: true, diff: [], rules: [] } }) },
    { test, run: run({ result: null, problem: new ApiError('internal', 'The "worker" <died>') }) },
    { test, run: null },
  ];
  const xml = junitXml(reported);

  it('counts', () =>
    expect(xml).toContain(
      '<testsuite name="tokenizer" tests="4" failures="1" errors="1" skipped="1" time="5.000000" timestamp="1970-01-01T00:00:00">',
    ));
  it('escapes names', () =>
    expect(xml).toContain('classname="tokenizer.tokenize" name="a &quot;b&quot; &lt;c&gt; &amp; d" time="1.500000"'));
  it('says what differed', () => {
    expect(xml).toContain('/tokens/0: expected &quot;&lt;s&gt;&quot;, got &quot;a\\u0000&quot;');
    expect(xml).toContain('rule size: size(output.x) &gt; 1 &amp;&amp; true gives false');
  });
  it('tells a test that could not run from one that failed', () =>
    expect(xml).toContain('<error type="internal" message="The &quot;worker&quot; &lt;died&gt;"/>'));
  it('has only well-formed tags', () => {
    const open = xml.match(/<(?![?/])[^>]*[^/]>/g)?.length;
    expect(xml.match(/<\/[^>]+>/g)?.length).toBe(open);
  });
});

describe('escapeXml', () => {
  it('replaces what XML cannot hold', () => expect(escapeXml('a\u0000b\u001b\uD800c😀')).toBe('a\uFFFDb\uFFFD\uFFFDc😀'));
  it('keeps lines in attributes', () => expect(escapeXml('a\nb\t')).toBe('a&#10;b&#9;'));
});

describe('jsonReport', () => {
  it('says what was not run', () =>
    expect(JSON.parse(jsonReport([{ test, run: null }], { active: null }))).toMatchObject({
      active: null,
      cases: [{ verdict: 'not_run', service: 'tokenizer' }],
    }));
});

describe('addresses', () => {
  it('carry any name', () => {
    for (const name of ['a/b', 'ü 100 %', '?#']) {
      const each = { ...test, key: `tokenizer/${name}` };
      expect(keyInPath(hrefOf(each))).toBe(each.key);
    }
  });
  it.each(['/tests', '/tests/tokenizer', '/api/tokenizer/x', '/tests/tokenizer/%E0%A4%A'])('%s names no case', (path) =>
    expect(keyInPath(path)).toBeNull(),
  );
});
