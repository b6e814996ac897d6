/** What Python's `json.loads` reads, and what it refuses; the values are those that Python 3.11 gives. */
import { describe, expect, test } from 'vitest';
import { parseJson } from './file-content.ts';
import { parsePythonJson } from './python-json.ts';

describe('JSON as Python has it', () => {
  test.each<[string, unknown]>([
    ['{"time_step_limit": [0.0, Infinity]}', { time_step_limit: [0, Infinity] }],
    ['[-Infinity,NaN]', [-Infinity, NaN]],
    ['NaN', NaN],
    ['{"NaN": "NaN", "b": NaN, "NaNN": "\\"NaN\\" Infinity"}', { NaN: 'NaN', b: NaN, NaNN: '"NaN" Infinity' }],
    ['{"a": 1, "a": Infinity}', { a: Infinity }],
    ['{"a": 1e999, "b": -1e999}', { a: Infinity, b: -Infinity }],
    ['["\\ud800", 1180591620717411303424, -0.0]', ['\ud800', 2 ** 70, -0]],
    ['{"__proto__": NaN}', JSON.parse('{"__proto__": 0}', (key, value: unknown) => (key === '__proto__' ? NaN : value))],
  ])('%s', (text, expected) => expect(parsePythonJson(text)).toEqual(expected));

  test.each(['[1Infinity]', '[-NaN]', '[+Infinity]', '[Infinityx]', '[NaN.0]', '[inf]', '[nan]', '[Infinity', '{a: NaN}', '[NaN NaN]', ''])(
    '%s is refused',
    (text) => expect(() => parsePythonJson(text)).toThrow(SyntaxError),
  );

  test('a string as long as a character map takes no stack', () => {
    const long = 'x\\n'.repeat(1_000_000);
    expect(parsePythonJson(`{"map": "${long}", "limit": Infinity}`)).toMatchObject({ limit: Infinity });
  });

  test('files with a byte order mark are read', () =>
    expect(parseJson(new TextEncoder().encode('\ufeff{"a": NaN}'), 'config.json')).toEqual({ a: NaN }));
});

test('values that lie too deep within one another are refused, and an ordinary depth is not', () => {
  const nested = (depth: number) => `{"x": ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  expect(parsePythonJson(nested(500))).toBeTypeOf('object');
  expect(() => parsePythonJson(nested(501))).toThrow('more than 500 deep');
  expect(() => parsePythonJson(nested(100_000))).toThrow('more than 500 deep');
  expect(() => parsePythonJson(nested(100_000).replace('{', '{"n": NaN, '))).toThrow(SyntaxError);
});
