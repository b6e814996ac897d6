/** What can be matched in exponentially many ways is told from what real tokenizers split by. */
import { expect, test } from 'vitest';
import { endlessWays } from './backtracking.ts';
import { onigurumaPattern } from './pattern.ts';

test.each([
  '(a+)+$',
  '(a*)*',
  '(?:a+)*b',
  '(a|a)*c',
  '(a|aa)+$',
  '(?:a{1,1000}){1,1000}c',
  String.raw`\s*\s*\s*\s*x`,
  '(x+x+)+y',
  String.raw`([a-zA-Z]+)*\d`,
  '(.*a){20}',
  '(a?)+',
  '(a?a)*b',
  '(?<n>a+)*',
  '((ab)+c?)+',
  String.raw`(?:\w+\s?)*$`,
  '[ab]+[ab]+c',
  '(?:a{1,2}+)+',
  String.raw`(?:a?\w)*`,
  String.raw`(\w*\d*)*`,
  '([ab]|b)+',
  String.raw`(\s*\w?)*`,
  '((a*)*)',
  // Possessive signs and atomic groups count as plain ones.
  '(?:[^x]++)*y',
  '(?>a+)+b',
  // Overlaps that only the characters tell.
  String.raw`(?:\p{L}|[a-z]\d?)*!`,
  String.raw`(?:\p{L}\p{Lm}*)+!`,
  String.raw`(?:[^\s]|é)+!`,
  '(?:[а-я]|[абв]г?)+!',
  '(?i:a|A)+!',
  '(?:ab|a|b)+!',
  '(?:(?:ab){1,16}){1,16}c',
  '(?:a{1,16}){1,16}c',
  'a?'.repeat(12) + 'a'.repeat(12),
  '(?=(a+)+b)x',
  String.raw`x(?!(?:a?\w)*-)`,
  '(a?){20}',
  '(?:&|[[:punct:]])+!',
  '(?:[a-z&&[^b]]|c)+!',
])('%s is refused', (source) => {
  expect(endlessWays(source)).not.toBe(null);
  expect(() => onigurumaPattern(source, 'pre_tokenizer.pattern')).toThrow('exponentially');
});

test.each([
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${'`'}{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`\p{N}{1,3}`,
  '[一-龥぀-ゟ゠-ヿ]+',
  String.raw`\s?\p{L}+`,
  String.raw`\p{L}++(?:'\p{L}++)?`,
  ' ?[^(\\s|[.,!?…。，、।۔،])]+',
  '(?:ab)+',
  '(?:\r?\n)+',
  'a{3}b',
  ' {2,}',
  String.raw`\d(?=(\d{3})+$)`.replace('(\\d{3})+', '(?:\\d{3})+'),
  // Llama 3, Qwen 2 and 3, cl100k as HF has it
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // Qwen 3.5
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // cl100k as tiktoken has it now, without Oniguruma's other reading of braces
  String.raw`'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s`,
  // o200k
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  // With intersections, as o200k has them for Chinese
  String.raw`[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\s+`,
  // DeepSeek, by steps
  '[\\r\\n]',
  String.raw`\s?[!-/:-~！-／：-～‘-‟　-。]+`,
  String.raw`\s+$`,
  '[一-龥ࠀ-一가-퟿]+',
  // Falcon, Gemma, SmolLM
  '[0-9][0-9][0-9]',
  ' ',
  String.raw`'(?:s|t|re|ve|m|ll|d)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|[\r\n]+|\s+(?!\S)|\s+`,
  // Digits in threes from the right
  String.raw`(?=(?:\d{3})+(?!\d))|\d{1,3}(?=(?:\d{3})*\b)`,
  // Harmless though nested: each turn begins with what none before can take.
  String.raw`(?:\p{L}\p{M}*)+`,
  String.raw`(?:\p{Lu}?\p{Ll}+)(?:-\p{L}+)*`,
  String.raw`(?: ?\p{L}+)(?: \p{L}+)*`,
  '(?:ab|cd)+',
  String.raw`(?:\s+\S)*`,
  '(?:(?!-)[^x]|-)+',
  '(?:[a-z&&[^b]]|b)+',
  '(?i:(?:a|b)+)',
  String.raw`[A-Z][a-z]+(?:[A-Z][a-z]+)*`,
  String.raw`https?://\S+`,
  String.raw`\d+(?:[.,]\d+)*`,
])('%s is taken', (source) => {
  expect(endlessWays(source)).toBe(null);
});

test.each([
  [String.raw`\s+|(?:a?\w)*|x`, String.raw`(?:a?\w)*`],
  ['x(?=(b|(a|aa)+))', '(a|aa)+'],
  ['((a+)+b)*', '(a+)+'],
  [String.raw`x|\s*\s*\s*\s*y`, String.raw`\s*\s*\s*\s*y`],
])('of %s the part is named', (source, part) => {
  expect(endlessWays(source)).toBe(part);
  expect(() => onigurumaPattern(source, 'pre_tokenizer.pattern')).toThrow(JSON.stringify(part));
});

test('deep and long expressions are looked through in no time', () => {
  const start = performance.now();
  expect(endlessWays(`${'('.repeat(5000)}(a+)+${')'.repeat(5000)}`)).not.toBe(null);
  endlessWays(`(?:${Array.from({ length: 800 }, (_, index) => `w${index}`).join('|')})+`);
  endlessWays('a'.repeat(20_000));
  expect(performance.now() - start).toBeLessThan(5000);
});
