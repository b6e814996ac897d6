/** The normalizers of tokenizer.json, each one a function from aligned text to aligned text. */
import { type AlignedText, Rewrite } from './aligned-text.ts';
import { toByteAlphabet } from './byte-alphabet.ts';
import type { JsonPart } from './json-part.ts';
import { isWhitespace, patternOf } from './pattern.ts';
import { precompiledNormalizer } from './precompiled-charsmap.ts';
import { TokenizerError } from './tokenizer-error.ts';
import * as kinds from './unicode/character-kinds.ts';
import { toUnicodeForm, type UnicodeForm } from './unicode-form.ts';

export type Normalizer = (text: AlignedText) => AlignedText;

export function createNormalizer(stage: JsonPart | null): Normalizer | null {
  if (!stage) return null;
  const type = stage.text('type');
  const create = Object.hasOwn(factories, type) ? factories[type] : undefined;
  if (!create) throw new TokenizerError(stage.at('type'), `unknown normalizer "${type}"; known are ${Object.keys(factories).join(', ')}.`);
  return create(stage);
}

const unicodeForm = (form: UnicodeForm) => (): Normalizer => (text) => toUnicodeForm(text, form);

const factories: Record<string, (stage: JsonPart) => Normalizer> = {
  Sequence: (stage) => {
    const normalizers = stage.stages('normalizers').map((part) => createNormalizer(part)!);
    return (text) => normalizers.reduce((before, normalize) => normalize(before), text);
  },
  NFC: unicodeForm('NFC'),
  NFD: unicodeForm('NFD'),
  NFKC: unicodeForm('NFKC'),
  NFKD: unicodeForm('NFKD'),
  Nmt: () => nmt,
  Lowercase: () => lowercase,
  StripAccents: () => (text) => text.filter((character) => !kinds.mark.has(character)),
  Strip: (stage) => strip(stage.flag('strip_left', true), stage.flag('strip_right', true)),
  Prepend: (stage) => {
    const prefix = stage.text('prepend');
    return (text) => text.prepend(prefix);
  },
  Replace: replace,
  Precompiled: (stage) => precompiledNormalizer(stage.text('precompiled_charsmap', ''), stage.at('precompiled_charsmap')),
  BertNormalizer: bertNormalizer,
  ByteLevel: () => toByteAlphabet,
};

/** Lower case, one character at a time: Rust's lower case knows no context, so Σ never becomes ς. */
function lowercase(source: AlignedText): AlignedText {
  if (isAscii(source.text)) return source.withText(source.text.toLowerCase());
  const rewrite = new Rewrite(source);
  for (const character of source.text) {
    let change = 0;
    for (const lower of kinds.lowerCaseOf(character)) {
      rewrite.put(lower, change);
      change = 1;
    }
  }
  return rewrite.done();
}

function strip(left: boolean, right: boolean): Normalizer {
  return (source) => {
    const { text } = source;
    let start = 0;
    let end = text.length;
    if (left) while (start < end && isWhitespace(text[start])) start++;
    if (right) while (end > start && isWhitespace(text[end - 1])) end--;
    return source.slice(start, end);
  };
}

/** What replaces a match belongs to the match's last character. */
function replace(stage: JsonPart): Normalizer {
  const { find, literal } = patternOf(stage);
  const content = stage.text('content');
  if (find('').length > 0) throw new TokenizerError(stage.at('pattern'), 'must not match an empty text.');
  if (literal?.length === 1 && content.length === 1) return (source) => source.withText(source.text.replaceAll(literal, content));
  return (source) => {
    const matches = find(source.text);
    if (matches.length === 0) return source;
    const rewrite = new Rewrite(source);
    for (let match = 0; match < matches.length; match += 2) {
      const matched = source.text.slice(matches[match], matches[match + 1]);
      rewrite.keepTo(matches[match]!);
      rewrite.skip(Array.from(matched).length);
      for (const character of content) rewrite.put(character, 1);
    }
    rewrite.keepTo(source.length);
    return rewrite.done();
  };
}

/** BERT's basic tokenizer up to the splitting. */
function bertNormalizer(stage: JsonPart): Normalizer {
  const cleanText = stage.flag('clean_text', true);
  const handleChinese = stage.flag('handle_chinese_chars', true);
  const toLower = stage.flag('lowercase', true);
  const stripAccents = stage.flag('strip_accents', toLower);
  return (text) => {
    if (cleanText) text = clean(text);
    if (handleChinese && chinese.test(text.text)) text = spaceAroundChinese(text);
    if (stripAccents && !isAscii(text.text)) {
      text = toUnicodeForm(text, 'NFD').filter((character) => !kinds.nonspacingMark.has(character));
    }
    return toLower ? lowercase(text) : text;
  };
}

function clean(source: AlignedText): AlignedText {
  const kept = source.filter((character) => (character >= ' ' && character <= '~' ? true : !kinds.control.has(character)));
  return kept.withText(kept.text.replaceAll(/\p{White_Space}/gu, ' '));
}

// The CJK blocks of BERT's tokenization.py; kana and Hangul are not among them.
const chinese =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/u;

function spaceAroundChinese(source: AlignedText): AlignedText {
  const rewrite = new Rewrite(source);
  for (const character of source.text) {
    if (character < '\u3400' || !chinese.test(character)) {
      rewrite.put(character, 0);
      continue;
    }
    rewrite.put(' ', 0);
    rewrite.put(character, 1);
    rewrite.put(' ', 1);
  }
  return rewrite.done();
}

/** SentencePiece's "nmt" rules for control characters and spaces. */
function nmt(source: AlignedText): AlignedText {
  // oxlint-disable-next-line no-control-regex
  const kept = source.filter((character) => !/^[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/u.test(character));
  return kept.withText(kept.text.replaceAll(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/gu, ' '));
}

// oxlint-disable-next-line no-control-regex
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
