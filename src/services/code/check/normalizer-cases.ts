/** What a normalizer must do: give text for any text, the same each time, of a length that can be tokenized. */
import type { TextNormalizer } from '../../../engine/text/text-normalizer.ts';
import { asFunction, type Case, CaseFailure, kindOf } from './case.ts';

const TEXTS: readonly string[] = [
  '',
  ' ',
  'Once upon a time, there was a little girl named Lily.',
  'Ünïcödé, ﬁne: ＷＩＤＥ and e\u0301',
  '世界 — שלום — مرحبا',
  '👩‍👩‍👧 👍🏽',
  'line\r\nline\n\ttab\u00a0space\u200b',
  '\u0000\uffff\ufeff',
  "let x = { 'a': [1, 2] }; // 100 %",
];

/** Characters of the long text. */
const LONG = 100_000;
/** So many times its length a text may become, beside a few characters for short ones. */
const MAX_GROWTH = 16;
const MAX_ADDED = 1024;

export const NORMALIZER_CASES: Case[] = [
  {
    name: 'gives text for any text',
    description: 'Empty, accented, wide, right to left, emoji, control characters.',
    run(exported) {
      const normalize = asNormalizer(exported);
      return { texts: TEXTS.map((text) => normalized(normalize, text)) };
    },
  },
  {
    name: 'depends on its text alone',
    description: 'The same texts in another order give the same.',
    run(exported) {
      const normalize = asNormalizer(exported);
      const first = TEXTS.map((text) => normalized(normalize, text));
      const again = TEXTS.toReversed()
        .map((text) => normalized(normalize, text))
        .toReversed();
      const i = first.findIndex((text, at) => text !== again[at]);
      if (i >= 0) throw new CaseFailure(`${JSON.stringify(TEXTS[i])} gave two different texts.`, first[i], again[i]);
      return { texts: TEXTS.length };
    },
  },
  {
    name: 'keeps up with a long text',
    description: 'A hundred thousand characters, within the time limit.',
    run(exported) {
      const text = TEXTS.join(' ').repeat(LONG).slice(0, LONG);
      return { characters: normalized(asNormalizer(exported), text).length };
    },
  },
];

const asNormalizer = (exported: unknown) => asFunction<TextNormalizer>(exported, 'a function (text) => text');

function normalized(normalize: TextNormalizer, text: string): string {
  const result: unknown = normalize(text);
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  if (typeof result !== 'string') throw new CaseFailure(`The normalizer gave ${kindOf(result)} for ${shown}.`, 'a string', kindOf(result));
  const limit = MAX_GROWTH * text.length + MAX_ADDED;
  if (result.length > limit)
    throw new CaseFailure(
      `The normalizer made ${result.length} characters of ${text.length}: ${shown}; at most ${limit} are taken.`,
      limit,
      result.length,
    );
  return result;
}
