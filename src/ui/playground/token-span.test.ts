/** Tokens must keep their text, whatever a stream holds back and however few tokens make a character. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptTokens, type SequenceToken, SpanList } from './token-span.ts';

const token = (id: number, text: string, piece: string | null = text, logprob: number | null = -1): SequenceToken => ({
  id,
  text,
  piece,
  logprob,
  top: [],
  chosen: false,
});
const texts = (list: SpanList) => list.spans.map(({ text }) => text);

describe('SpanList', () => {
  it('gives each token with text a span', () => {
    const list = new SpanList([token(1, 'Once'), token(2, ' upon')]);
    expect(list.spans).toMatchObject([
      { start: 0, end: 1, text: 'Once', silent: false },
      { start: 1, end: 2, text: ' upon', silent: false },
    ]);
  });

  it('joins the bytes of a character and their log-probabilities', () => {
    const list = new SpanList([
      token(1, 'A'),
      token(2, '', '<0xF0>'),
      token(3, '', '<0x9F>'),
      token(4, '', '<0x90>'),
      token(5, '🐉', '<0x89>'),
    ]);
    expect(list.spans[1]).toEqual({ start: 1, end: 5, text: '🐉', silent: false, logprob: -4 });
  });

  it('splits text that was held back for a stop string that did not come', () => {
    const list = new SpanList([token(1, '', '▁The'), token(2, '', '▁en'), token(3, ' The endless', 'dless')]);
    expect(texts(list)).toEqual([' The', ' en', 'dless']);
  });

  it('keeps a special token to itself', () => {
    const list = new SpanList([token(1, '', '<s>'), token(2, 'Once')]);
    expect(list.spans).toMatchObject([
      { silent: true, end: 1 },
      { text: 'Once', start: 1 },
    ]);
  });

  it('takes text that comes with the end', () => {
    const list = new SpanList([token(1, 'Hi'), token(2, '', ' th')]);
    list.pushText(' th');
    expect(texts(list)).toEqual(['Hi', ' th']);
  });

  it('covers every token once, in order, and finds each one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: fc.constantFrom('', '', 'a', ' b', '🙂'), piece: fc.constantFrom('a', ' b', '<0xF0>', '</s>') })),
        (given) => {
          const list = new SpanList(given.map(({ text, piece }, id) => token(id, text, piece)));
          expect(texts(list).join('')).toBe(given.map(({ text }) => text).join(''));
          let next = 0;
          for (const span of list.spans) {
            expect(span.start).toBe(next);
            next = span.end;
          }
          expect(next).toBe(given.length);
          for (let index = 0; index < given.length; index++) {
            const span = list.spans[list.spanOf(index)]!;
            expect(span.start <= index && index < span.end).toBe(true);
          }
          expect(list.spanOf(given.length)).toBe(-1);
        },
      ),
    );
  });
});

describe('promptTokens', () => {
  it('takes the text from the offsets and leaves special tokens without', () => {
    const tokens = promptTokens('Once upon', {
      input_ids: [1, 5, 6],
      tokens: ['<s>', '▁Once', '▁upon'],
      offsets: [
        [0, 0],
        [0, 4],
        [4, 9],
      ],
    });
    expect(tokens.map(({ text }) => text)).toEqual(['', 'Once', ' upon']);
  });

  it('gives a character to the last of its tokens', () => {
    const tokens = promptTokens('a🐉b', {
      input_ids: [1, 2, 3, 4],
      tokens: ['a', 'x', 'y', 'b'],
      offsets: [
        [0, 1],
        [1, 3],
        [1, 3],
        [3, 4],
      ],
    });
    expect(tokens.map(({ text }) => text)).toEqual(['a', '', '🐉', 'b']);
  });

  it('leaves out no text between offsets', () => {
    const tokens = promptTokens('a  b', {
      input_ids: [1, 2],
      tokens: ['a', 'b'],
      offsets: [
        [0, 1],
        [3, 4],
      ],
    });
    expect(tokens.map(({ text }) => text).join('')).toBe('a  b');
  });
});
