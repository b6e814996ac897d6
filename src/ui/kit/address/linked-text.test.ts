/** What a link can do to the sentence that quotes it: nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkedText } from './linked-text.ts';

it.each([
  ['naive', 'naive'],
  ['', ''],
  ['Größe 👩‍🔬 日本', 'Größe 👩‍🔬 日本'],
  ['a\u202eb', 'a⟨U+202E⟩b'],
  ['a\u2066\u200f\nb', 'a⟨U+2066⟩⟨U+200F⟩⟨U+000A⟩b'],
  ['שלום', '\u2068שלום\u2069'],
  ['a'.repeat(40), 'a'.repeat(40)],
  ['a'.repeat(41), `${'a'.repeat(39)}…`],
  ['a'.repeat(3_000_000), `${'a'.repeat(39)}…`],
  ['😀'.repeat(40), '😀'.repeat(40)],
  ['😀'.repeat(41), `${'😀'.repeat(39)}…`],
])('shows %j as %j', (text, shown) => expect(linkedText(text)).toBe(shown));

it('is short, and turns nothing, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const shown = linkedText(text);
      expect(shown.length).toBeLessThanOrEqual(40 * 8 + 2);
      expect(shown.replace(/^\u2068|\u2069$/g, '')).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\n]/);
    }),
  );
});
