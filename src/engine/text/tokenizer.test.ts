import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamDecoder } from './stream-decoder.ts';
import { allTokenizers, defaultTokenizer, fixtureTokenizer, tinyFile } from './testing/tokenizers.ts';
import { Tokenizer, TokenizerError } from './tokenizer.ts';

/** Anything that a JavaScript string can hold, with a liking for what tokenizers treat apart. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(
        ' ',
        '  ',
        '\n',
        "'s",
        'the ',
        '▁',
        '123',
        'é',
        'e\u0301',
        '世界',
        '👩‍👩‍👧',
        '<s>',
        '</s>',
        '<|endoftext|>',
        '[MASK]',
        '<0x0A>',
        '\ud800',
        'ﬁ',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe.each(allTokenizers)('%s: for any text', (name, tokenizer) => {
  it('offsets lie in the text, ends do not go back, and ids are tokens', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { ids, tokens, offsets, attentionMask } = tokenizer.encode(text, { addSpecialTokens: false });
        expect([tokens.length, offsets.length, attentionMask.length]).toEqual([ids.length, ids.length, ids.length]);
        let last = 0;
        for (const [index, [start, end]] of offsets.entries()) {
          expect(tokenizer.idToToken(ids[index]!)).toBe(tokens[index]);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeGreaterThanOrEqual(last);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('a batch is its texts one by one, padded', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('left' as const, 'right' as const),
        (texts, paddingSide) => {
          const singles = texts.map((text) => tokenizer.encode(text));
          expect(tokenizer.encodeBatch(texts)).toEqual(singles);
          const longest = Math.max(...singles.map(({ ids }) => ids.length));
          const padded = tokenizer.encodeBatch(texts, { padding: 'longest', paddingSide });
          for (const [row, { ids, attentionMask }] of padded.entries()) {
            expect(ids.length).toBe(longest);
            expect(ids.filter((_, index) => attentionMask[index] === 1)).toEqual(singles[row]!.ids);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('truncation keeps the special tokens and never exceeds the length', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 12 }), (text, maxLength) => {
        const whole = tokenizer.encode(text);
        const cut = tokenizer.encode(text, { truncation: true, maxLength });
        expect(cut.ids.length).toBe(Math.min(maxLength, whole.ids.length));
        const added = tokenizer.encode('').ids;
        const kept = cut.offsets.filter(([start, end]) => start === 0 && end === 0).length;
        expect(kept).toBeGreaterThanOrEqual(Math.min(added.length, maxLength));
      }),
    );
  });

  it('streamed text is the text decoded at once, and no character comes in halves', () => {
    const id = fc.integer({ min: 0, max: tokenizer.vocabSize - 1 });
    const ids = fc.oneof(
      fc.array(id, { maxLength: 40 }),
      anyText.map((text) => tokenizer.encode(text).ids),
    );
    fc.assert(
      fc.property(ids, fc.boolean(), (sequence, skipSpecialTokens) => {
        const decoder = new StreamDecoder(tokenizer, { skipSpecialTokens });
        const pieces = [...sequence.map((one) => decoder.push(one)), decoder.flush()];
        expect(pieces.join('')).toBe(tokenizer.decode(sequence, { skipSpecialTokens }));
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
        expect(decoder.flush()).toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(['bytelevel-bpe', 'bytelevel-bpe-smollm', 'default'])('%s: byte-level', (family) => {
  const tokenizer = family === 'default' ? defaultTokenizer() : fixtureTokenizer(family);

  it('decode(encode(text)) is the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text, { addSpecialTokens: false }).ids)).toBe(text.toWellFormed());
      }),
      { numRuns: 300 },
    );
  });

  it('every character lies in the offset of some token', () => {
    const trims = family === 'bytelevel-bpe';
    fc.assert(
      fc.property(anyText, (text) => {
        const covered = new Set(
          tokenizer
            .encode(text, { addSpecialTokens: false })
            .offsets.flatMap(([start, end]) => Array.from({ length: end - start }, (_, unit) => start + unit)),
        );
        const missing = Array.from(text, (_, unit) => unit).filter((unit) => unit < text.length && !covered.has(unit));
        // Trimmed offsets leave out spaces, and only those.
        expect(missing.filter((unit) => !(trims && /\s/u.test(text[unit]!)))).toEqual([]);
      }),
    );
  });
});

describe('special tokens in the text', () => {
  it('are found, take the spaces that they swallow, and are skipped when decoding', () => {
    const bert = fixtureTokenizer('wordpiece');
    const { tokens, offsets, ids } = bert.encode('the [MASK] cat', { addSpecialTokens: false });
    expect(tokens).toEqual(['the', '[MASK]', 'cat']);
    expect(offsets).toEqual([
      [0, 3],
      [3, 10],
      [11, 14],
    ]);
    expect(bert.decode(ids, { skipSpecialTokens: true })).toBe('the cat');
  });

  it('single_word, lstrip and rstrip hold', () => {
    const file = { ...tinyFile(), added_tokens: [{ id: 7, content: 'cab', single_word: true, rstrip: true, normalized: false }] };
    const tokenizer = Tokenizer.fromFiles(file);
    expect(tokenizer.encode('cabc cab  b').tokens).toEqual(['c', 'abc', '?', 'cab', 'b']);
    expect(tokenizer.encode('cab  b').offsets).toEqual([
      [0, 5],
      [5, 6],
    ]);
  });

  it('tokens that only the configuration names are special too', () => {
    const tokenizer = Tokenizer.fromFiles({ ...tinyFile(), added_tokens: [] }, { eos_token: { content: 'abc' } });
    expect(tokenizer.eosId).toBe(4);
    expect(tokenizer.specialTokens).toEqual([{ id: 4, token: 'abc', roles: ['eos_token'] }]);
    expect(tokenizer.decode([0, 4, 1], { skipSpecialTokens: true })).toBe('ab');
  });
});

describe('models', () => {
  it('BPE merges in the order of learning, and unknown characters are the unknown token', () => {
    const tokenizer = Tokenizer.fromFiles(tinyFile());
    expect(tokenizer.encode('abcabxa').tokens).toEqual(['abc', 'ab', '?', 'a']);
  });

  it('a long word gives the tokens that short pieces of it give', () => {
    const tokenizer = defaultTokenizer();
    const word = 'unbelievable'.repeat(50);
    const long = tokenizer.encode(word, { addSpecialTokens: false });
    expect(tokenizer.decode(long.ids)).toBe(word);
    const tiny = Tokenizer.fromFiles(tinyFile());
    expect(tiny.encode('abcab'.repeat(40)).tokens).toEqual(Array.from({ length: 40 }, () => ['abc', 'ab']).flat());
  });

  it('Unigram falls back to bytes for what it does not know', () => {
    const vocab = [
      ['<unk>', 0],
      ['a', -1],
      ['▁', -2],
      ...Array.from({ length: 256 }, (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, -20]),
    ];
    const tokenizer = Tokenizer.fromFiles({ model: { type: 'Unigram', unk_id: 0, byte_fallback: true, vocab } });
    expect(tokenizer.encode('aé')).toMatchObject({
      tokens: ['a', '<0xC3>', '<0xA9>'],
      offsets: [
        [0, 1],
        [1, 2],
        [1, 2],
      ],
    });
  });

  it('WordLevel looks words up, in old files without a type too', () => {
    const file = { model: { vocab: { the: 0, '?': 1 }, unk_token: '?' }, pre_tokenizer: { type: 'WhitespaceSplit' } };
    expect(Tokenizer.fromFiles(file).encode('the cat').tokens).toEqual(['the', '?']);
  });
});

describe('padding', () => {
  it('to max_length needs a length', () => {
    const tokenizer = Tokenizer.fromFiles(tinyFile(), { pad_token: '<s>' });
    expect(() => tokenizer.encode('a', { padding: 'max_length' })).toThrow(/^padding: .*model_max_length/);
    expect(tokenizer.encode('a', { padding: 'max_length', maxLength: 2 }).ids).toEqual([0, 6]);
    expect(Tokenizer.fromFiles(tinyFile(), { pad_token: '<s>', model_max_length: 3 }).encode('a', { padding: 'max_length' }).ids).toEqual([
      0, 6, 6,
    ]);
    expect(Tokenizer.fromFiles(tinyFile(), { model_max_length: 1e30 }).modelMaxLength).toBeNull();
  });

  it('needs a token, and memory', () => {
    expect(() => Tokenizer.fromFiles(tinyFile()).encodeBatch(['a', ''], { padding: 'longest' })).toThrow(
      /^padding: needs a token to pad with/,
    );
    const tokenizer = Tokenizer.fromFiles(tinyFile(), { pad_token: '<s>' });
    expect(() =>
      tokenizer.encodeBatch(
        Array.from({ length: 1000 }, () => 'a'),
        { padding: 'max_length', maxLength: 1_000_000 },
      ),
    ).toThrow(/^padding: 1000 texts of 1000000 tokens/);
  });
});

describe('broken files are refused with the part that is wrong', () => {
  const broken = (change: (file: ReturnType<typeof tinyFile>) => void, config: unknown = {}) => {
    const file = tinyFile();
    change(file);
    return () => Tokenizer.fromFiles(file, config);
  };

  it.each<[string, () => Tokenizer]>([
    ['tokenizer.json: must hold a JSON object.', () => Tokenizer.fromFiles('<!doctype html>')],
    ['tokenizer.json: must hold', () => Tokenizer.fromFiles([1])],
    ['model: is missing', () => Tokenizer.fromFiles({ version: '1.0' })],
    ['model: must be an object, and is the string "BPE"', () => Tokenizer.fromFiles({ model: 'BPE' })],
    ['model.type: unknown model type "GPT"; known are BPE, WordPiece, Unigram, WordLevel.', broken((file) => (file.model['type'] = 'GPT'))],
    ['model.vocab: is missing', broken((file) => delete file.model['vocab'])],
    [
      'model.vocab["b"]: an id must be an integer from 0 to 16777215, and is the number 1.5',
      broken((file) => (file.model['vocab'] = { b: 1.5 })),
    ],
    ['model.vocab["b"]: an id must be an integer', broken((file) => (file.model['vocab'] = { b: '1' }))],
    ['model.vocab["b"]: the id 0 is also that of "a"', broken((file) => (file.model['vocab'] = { a: 0, b: 0 }))],
    ['model.merges: must be a list', broken((file) => (file.model['merges'] = {}))],
    ['model.merges[0]: must be a pair of tokens, and is a list', broken((file) => (file.model['merges'] = [['a', 'b', 'c']]))],
    ['model.merges[1]: must be a pair of tokens, and is the string "ab"', broken((file) => (file.model['merges'] = ['a b', 'ab']))],
    ['model.merges[0]: the token "z" is not in the vocabulary', broken((file) => (file.model['merges'] = ['a z']))],
    ['model.vocab[0]: must be a pair of a piece and its score', broken((file) => (file.model = { type: 'Unigram', vocab: ['a'] }))],
    [
      'model.unk_id: is 9, and the vocabulary has 1 pieces',
      broken((file) => (file.model = { type: 'Unigram', vocab: [['a', 0]], unk_id: 9 })),
    ],
    ['added_tokens: must be a list', broken((file) => (file.added_tokens = 'x' as never))],
    ['added_tokens[0].id: is missing', broken((file) => (file.added_tokens = [{ content: 'x' }] as never))],
    ['normalizer.type: unknown normalizer "NFX"', broken((file) => (file.normalizer = { type: 'NFX' }))],
    [
      'pre_tokenizer.pretokenizers[0].behavior: must be one of',
      broken((file) => (file.pre_tokenizer = { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: 'a', behavior: 'Gone' }] })),
    ],
    [
      'post_processor.single[0].SpecialToken.id: "[CLS]" is not among',
      broken(
        (file) => (file.post_processor = { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '[CLS]' } }], special_tokens: {} }),
      ),
    ],
    ['decoder.type: unknown decoder', broken((file) => (file.decoder = { type: 'X' }))],
    ['normalizer.type: unknown normalizer "constructor"', broken((file) => (file.normalizer = { type: 'constructor' }))],
    ['pre_tokenizer.type: unknown pre-tokenizer "toString"', broken((file) => (file.pre_tokenizer = { type: 'toString' }))],
    ['tokenizer_config: must be an object', broken(() => {}, 'x')],
    ['tokenizer_config.eos_token: must be a token, and is the number 3', broken(() => {}, { eos_token: 3 })],
  ])('%s', (message, make) => {
    expect(make).toThrow(TokenizerError);
    expect(make).toThrow(message);
  });
});

it.each([
  [{ type: 'BPE', vocab: { a: 0 }, merges: [], unk_token: '!' }, '"!"'],
  [{ type: 'WordPiece', vocab: { a: 0 } }, '"[UNK]"'],
  [{ type: 'WordLevel', vocab: { a: 0 } }, '"<unk>"'],
])('an unknown token that is not there is missed once it is needed: %j', (model, token) => {
  const tokenizer = Tokenizer.fromFiles({ model });
  expect(tokenizer.encode('a').ids).toEqual([0]);
  expect(() => tokenizer.encode('z')).toThrow(`model.unk_token: ${token} is not in the model's vocabulary, and "z" needs it`);
});

describe('long texts', () => {
  // Quadratic work on any of these would take minutes.
  it.each(allTokenizers)('%s takes a hundred thousand characters of anything', { timeout: 120_000 }, (_, tokenizer) => {
    const size = 100_000;
    for (const text of [
      'a'.repeat(size),
      ' '.repeat(size),
      '世界'.repeat(size / 2),
      'Once upon a time. '.repeat(size / 18),
      'e\u0301'.repeat(size / 2),
      '<s>'.repeat(size / 3),
    ]) {
      expect(tokenizer.encode(text).ids.length).toBeGreaterThan(0);
    }
  });
});
