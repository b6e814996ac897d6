/** Where characters came from after a function on plain text has changed it: by example, for any text, and through a whole tokenizer. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignText } from './align-text.ts';
import { AlignedText } from './aligned-text.ts';
import { defaultTokenizer } from './testing/tokenizers.ts';

/** What each character of the new text came from. */
function originsOf(before: string, after: string): [character: string, origin: string][] {
  const aligned = alignText(AlignedText.of(before), after);
  const out: [string, string][] = [];
  let at = 0;
  for (const character of after) {
    out.push([character, before.slice(aligned.start(at), aligned.end(at + character.length))]);
    at += character.length;
  }
  return out;
}
const origins = (before: string, after: string) => originsOf(before, after).map(([, origin]) => origin);

test('letters keep their places through case, accents, widths and forms', () => {
  expect(origins('Éa ÄÖ', 'ea ao')).toEqual(['É', 'a', ' ', 'Ä', 'Ö']);
  expect(origins('é', 'e\u0301')).toEqual(['é', 'é']);
  expect(origins('ＡＢ', 'AB')).toEqual(['Ａ', 'Ｂ']);
});

test('what is dropped leaves a gap, what is inserted belongs to the character before, what is replaced to the whole run', () => {
  expect(origins('a   b', 'a b')).toEqual(['a', ' ', 'b']);
  expect(origins('ab', 'a-b')).toEqual(['a', 'a', 'b']);
  expect(origins('ab', '>ab')).toEqual(['a', 'a', 'b']);
  expect(origins('I have 12 cats', 'I have twelve cats').slice(7, 13)).toEqual(Array.from({ length: 6 }, () => '12'));
  expect(origins('👍🏽 ok', ':+1: ok').slice(0, 4)).toEqual(['👍🏽', '👍🏽', '👍🏽', '👍🏽']);
  expect(origins('', 'new')).toEqual(['', '', '']);
  expect(origins('gone', '')).toEqual([]);
});

test('ranges lie in the text and never go back, whatever is done to it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), (before, after) => {
      const aligned = alignText(AlignedText.of(before), after);
      let [start, end] = [0, 0];
      for (let i = 0; i < after.length; i++) {
        expect(aligned.start(i)).toBeGreaterThanOrEqual(start);
        expect(aligned.end(i + 1)).toBeGreaterThanOrEqual(Math.max(end, aligned.start(i)));
        [start, end] = [aligned.start(i), aligned.end(i + 1)];
      }
      expect(end).toBeLessThanOrEqual(before.length);
    }),
  );
});

test('what was left alone is found again, also among many changes', () => {
  const words = Array.from({ length: 4000 }, (_, i) => `Word${i}`);
  const before = words.join('   ');
  const after = words.join(' ').toLowerCase();
  const aligned = alignText(AlignedText.of(before), after);
  for (const word of [words[1]!, words[1777]!, words.at(-1)!]) {
    const at = after.indexOf(`${word.toLowerCase()}${word === words.at(-1) ? '' : ' '}`);
    expect(before.slice(aligned.start(at), aligned.end(at + word.length))).toBe(word);
  }
});

test('a tokenizer with a function in front gives offsets into the text that it was given, and special tokens pass untouched', () => {
  const tokenizer = defaultTokenizer();
  const text = 'ONCE   upon a\tTIME<|endoftext|>THE END';
  const before = tokenizer.encode(text);
  tokenizer.setFirstNormalizer((part) => part.replaceAll(/\s+/g, ' ').toLowerCase());
  const { ids, offsets, tokens } = tokenizer.encode(text);
  const plain = tokenizer.encode('once upon a time<|endoftext|>the end');
  expect(ids).toEqual(plain.ids);
  expect(tokens).toContain('<|endoftext|>');
  const covered = offsets.map(([start, end]) => text.slice(start, end)).join('');
  expect(covered.replaceAll(/\s+/g, ' ')).toBe(text.replaceAll(/\s+/g, ' '));
  tokenizer.setFirstNormalizer((part) => part);
  expect(tokenizer.encode(text)).toEqual(before);
});
