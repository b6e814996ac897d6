/** Single stages against the Rust library, for the kinds that the fixtures' tokenizers do not have. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AlignedText } from './aligned-text.ts';
import { createDecoder } from './decoders.ts';
import { JsonPart } from './json-part.ts';
import { createNormalizer } from './normalizers.ts';
import { createPreTokenizer } from './pre-tokenizers.ts';
import { TokenizerError } from './tokenizer-error.ts';

interface Stages {
  text: string;
  pre_tokenizers: [object, [string, number, number][]][];
  /** Stage, text, normalised text, and the range of each character. */
  normalizers: [object, string, string, [number, number][]][];
  decoders: [object | null, string[], string][];
}

const stages = JSON.parse(readFileSync(new URL('testing/stages.json', import.meta.url), 'utf8')) as Stages;
const part = (stage: object | null) => stage && new JsonPart('stage', stage);

describe('pre-tokenizers', () => {
  it.each(stages.pre_tokenizers)('%j', (stage, expected) => {
    const pieces = createPreTokenizer(part(stage))!(AlignedText.of(stages.text));
    expect(pieces.map((piece) => [piece.text, piece.start(0), piece.end(piece.length)])).toEqual(expected);
  });
});

describe('normalizers', () => {
  it.each(stages.normalizers)('%j', (stage, text, normalized, ranges) => {
    const result = createNormalizer(part(stage))!(AlignedText.of(text));
    expect(result.text).toBe(normalized);
    let at = 0;
    const found = [...result.text].map((character) => {
      const start = at;
      at += character.length;
      return [result.start(start), result.end(at)];
    });
    expect(found).toEqual(ranges);
  });
});

describe('decoders', () => {
  it.each(stages.decoders)('%j', (stage, tokens, expected) => {
    const decode = createDecoder(part(stage));
    const atOnce = decode();
    expect([...atOnce.push(tokens), ...atOnce.end()].join('')).toBe(expected);
    const stream = decode();
    expect([...tokens.flatMap((token) => stream.push([token])), ...stream.end()].join('')).toBe(expected);
  });
});

describe('unknown stages are refused by name', () => {
  it.each([createNormalizer, createPreTokenizer, createDecoder])('%o', (create) => {
    expect(() => create(part({ type: 'Nonsense' }))).toThrow(/^stage\.type: unknown .* "Nonsense"; known are /);
    expect(() => create(part({}))).toThrow(TokenizerError);
    expect(() => create(part({ type: 'Sequence' }))).toThrow(/is missing; expected a list/);
  });

  it('an expression that cannot be translated is refused', () => {
    const stage = { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' };
    expect(() => createPreTokenizer(part(stage))).toThrow(/^stage\.pattern\.Regex: the expression "\("/);
  });
});
