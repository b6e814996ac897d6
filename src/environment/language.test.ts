/** What browsers call their language under LANG=C and its like, as `Intl` takes it. */
import { expect, it } from 'vitest';
import { mendLanguage, validLanguage } from './language.ts';

it.each([
  ['en-US', 'en-US'],
  ['de', 'de'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
  ['en-US@posix', 'en-US'],
  ['de_DE.UTF-8', 'de-DE'],
  ['en_GB', 'en-GB'],
  ['C', 'en-US'],
  ['C.UTF-8', 'en-US'],
  ['de_DE@euro', 'de-DE'],
  ['', 'en-US'],
  [undefined, 'en-US'],
])('%s → %s', (tag, right) => {
  expect(validLanguage(tag)).toBe(right);
  expect(() => new Intl.NumberFormat(validLanguage(tag))).not.toThrow();
});

it('changes a browser only where its language is none', () => {
  const sound = { language: 'pt-BR', languages: ['pt-BR', 'en'] };
  mendLanguage(sound);
  expect(Object.getOwnPropertyDescriptor(sound, 'language')?.writable).toBe(true);
  const broken = { language: 'en-US@posix', languages: ['en-US@posix', 'en-US', 'C'] };
  mendLanguage(broken);
  expect(broken).toEqual({ language: 'en-US', languages: ['en-US'] });
});
