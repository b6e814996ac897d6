/** `(?i:…)` takes what Oniguruma takes, in every browser, or is refused by name. */
import { expect, it } from 'vitest';
import { onigurumaPattern } from './pattern.ts';
import { readFixture } from './testing/tokenizers.ts';

const cases = readFixture<[expression: string, text: string, matches: string[]][]>('../expressions/folding.json');
const NAMED = 25;

function matchesOf(expression: string, text: string): string[] {
  const bounds = onigurumaPattern(expression, 'pattern')(text);
  const matches: string[] = [];
  for (let at = 0; at < bounds.length; at += 2) if (bounds[at] !== bounds[at + 1]) matches.push(text.slice(bounds[at], bounds[at + 1]));
  return matches;
}

it.each(cases.slice(0, NAMED))('%s on %s', (expression, text, expected) => {
  expect(matchesOf(expression, text)).toEqual(expected);
});

it('drawn expressions are read as Oniguruma reads them', () => {
  const drawn = cases.slice(NAMED);
  const refused = drawn.filter(([expression]) => isRefused(expression));
  expect(refused.length).toBeLessThan(drawn.length / 4);
  const compared = drawn.filter((one) => !refused.includes(one));
  expect(compared.map(([expression, text]) => [expression, text, matchesOf(expression, text)])).toEqual(compared);
});

function isRefused(expression: string): boolean {
  try {
    onigurumaPattern(expression, 'pattern');
    return false;
  } catch (error) {
    expect(String(error)).toMatch(/the same as several|exponentially/);
    return true;
  }
}

it.each([
  '(?i:ß)',
  '(?i:ss)',
  '(?i:[ßx])',
  '(?i:st)',
  '(?i:ﬀ)',
  '(?i:f(?:f))',
  '(?i:straße)',
  '(?i:ŉ)',
  '(?i:İ)',
  '(?i:[\\p{L}])',
  '(?i:\\x{df})',
])('%s is refused: several characters are the same as one', (expression) =>
  expect(() => onigurumaPattern(expression, 'pattern')).toThrow(/the same as several/),
);

it.each([
  [String.raw`\Ga`, String.raw`\G is not supported`],
  [String.raw`x|(?:\G.)`, String.raw`\G is not supported`],
  ['(?m:a.b)', 'Options other than (?i:…) are not supported: (?m:'],
  ['(?i:a(?-i:b))', '(?-i:'],
  ['(?s:.)', '(?s:'],
  ['(?i)a', '(?i'],
  [String.raw`(?i:(a)\1)`, 'A reference inside (?i:…)'],
])('%s is refused in every browser: %s', (expression, reason) => {
  expect(() => onigurumaPattern(expression, 'pattern')).toThrow(reason);
});

it('what looks like these is none', () => {
  expect(matchesOf(String.raw`\\G|[(?m:]`, String.raw`a\G(`)).toEqual([String.raw`\G`, '(']);
});
