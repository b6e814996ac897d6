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
  '(?:[^x]++)*',
  'a{3}b',
  ' {2,}',
  String.raw`\d(?=(\d{3})+$)`.replace('(\\d{3})+', '(?:\\d{3})+'),
])('%s is taken', (source) => {
  expect(endlessWays(source)).toBe(null);
});
