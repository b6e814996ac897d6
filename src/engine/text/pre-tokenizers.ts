/** The pre-tokenizers of tokenizer.json: they cut text into the words that the model sees one at a time. */
import type { AlignedText } from './aligned-text.ts';
import { toByteAlphabet } from './byte-alphabet.ts';
import type { JsonPart } from './json-part.ts';
import { literalPattern, onigurumaPattern, type Pattern, patternOf, regexPattern } from './pattern.ts';
import { split, SPLIT_BEHAVIORS } from './split.ts';
import { TokenizerError } from './tokenizer-error.ts';
import * as kinds from './unicode/character-kinds.ts';

export type PreTokenizer = (text: AlignedText) => AlignedText[];

export function createPreTokenizer(stage: JsonPart | null): PreTokenizer | null {
  if (!stage) return null;
  const type = stage.text('type');
  const create = Object.hasOwn(factories, type) ? factories[type] : undefined;
  if (!create)
    throw new TokenizerError(stage.at('type'), `unknown pre-tokenizer "${type}"; known are ${Object.keys(factories).join(', ')}.`);
  return create(stage);
}

const whitespace = regexPattern(/\p{White_Space}/gu);
const punctuation = regexPattern(new RegExp(`[${kinds.punctuation.source}]`, 'gu'));
const numeric = regexPattern(new RegExp(`[${kinds.numeric.source}]`, 'gu'));
const wordOrSymbols = regexPattern(new RegExp(`[${kinds.word.source}]+|[^${kinds.word.source}\\p{White_Space}]+`, 'gu'));

const factories: Record<string, (stage: JsonPart) => PreTokenizer> = {
  Sequence: (stage) => {
    const steps = stage.stages('pretokenizers').map((part) => createPreTokenizer(part)!);
    return (text) => steps.reduce((pieces, step) => pieces.flatMap(step), [text]);
  },
  ByteLevel: byteLevel,
  Metaspace: metaspace,
  Split: (stage) => {
    const { find } = patternOf(stage);
    const behavior = stage.choice('behavior', SPLIT_BEHAVIORS, 'Isolated');
    const invert = stage.flag('invert', false);
    return (text) => split(text, find, behavior, invert);
  },
  Whitespace: () => (text) => split(text, wordOrSymbols, 'Removed', true),
  WhitespaceSplit: () => (text) => split(text, whitespace, 'Removed'),
  BertPreTokenizer: () => (text) => split(text, whitespace, 'Removed').flatMap((word) => split(word, punctuation, 'Isolated')),
  CharDelimiterSplit: (stage) => {
    const find = literalPattern(stage.text('delimiter'));
    return (text) => split(text, find, 'Removed');
  },
  Punctuation: (stage) => {
    const behavior = stage.choice('behavior', SPLIT_BEHAVIORS, 'Isolated');
    return (text) => split(text, punctuation, behavior);
  },
  Digits: (stage) => {
    const behavior = stage.flag('individual_digits', false) ? 'Isolated' : 'Contiguous';
    return (text) => split(text, numeric, behavior);
  },
  FixedLength: (stage) => {
    const length = stage.count('length', 5);
    if (length === 0) throw new TokenizerError(stage.at('length'), 'must be at least 1.');
    const find = regexPattern(new RegExp(`[^]{1,${length}}`, 'gu'));
    return (text) => split(text, find, 'Isolated');
  },
};

const gpt2Expression = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
let gpt2Pattern: Pattern | undefined;

function byteLevel(stage: JsonPart): PreTokenizer {
  const addPrefixSpace = stage.flag('add_prefix_space', true);
  const useRegex = stage.flag('use_regex', true);
  gpt2Pattern ??= onigurumaPattern(gpt2Expression, 'pre_tokenizer');
  const find = gpt2Pattern;
  return (text) => {
    const spaced = addPrefixSpace && !text.text.startsWith(' ') ? text.prepend(' ') : text;
    return useRegex ? split(spaced, find, 'Isolated').map(toByteAlphabet) : [toByteAlphabet(spaced)];
  };
}

function metaspace(stage: JsonPart): PreTokenizer {
  const replacement = stage.text('replacement', '▁');
  if (replacement.length !== 1)
    throw new TokenizerError(stage.at('replacement'), `must be one character, and is ${JSON.stringify(replacement)}.`);
  // Files from before `prepend_scheme` have `add_prefix_space`.
  const scheme = stage.choice('prepend_scheme', ['always', 'first', 'never'], stage.flag('add_prefix_space', true) ? 'always' : 'never');
  const splits = stage.flag('split', true);
  const find = literalPattern(replacement);
  return (text) => {
    let marked = text.withText(text.text.replaceAll(' ', replacement));
    const prepends = scheme === 'always' || (scheme === 'first' && text.start(0) === 0);
    if (prepends && !marked.text.startsWith(replacement)) marked = marked.prepend(replacement);
    return splits ? split(marked, find, 'MergedWithNext') : [marked];
  };
}
