/** Blocks must hold every span once, in order, and break nowhere but at line ends. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { blocksOf, type FlowPart } from './flow-blocks.ts';
import { type SequenceToken, SpanList } from './token-span.ts';

const part = (kind: FlowPart['kind'], texts: readonly string[], offset: number): FlowPart => {
  const tokens = texts.map((text, id): SequenceToken => ({ id, text, piece: text, logprob: null, top: [], chosen: false }));
  return { kind, tokens, spans: new SpanList(tokens), offset };
};
const texts = fc.array(fc.constantFrom('a', ' b', '.\n', '\n\n'), { maxLength: 300 });

it('keeps prompt and output on one line', () => {
  const blocks = blocksOf([part('prompt', ['Once', ' upon'], 0), part('output', [' a', ' time'], 2)]);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]?.chunks.map(({ part: { kind }, start, end }) => [kind, start, end])).toEqual([
    ['prompt', 0, 2],
    ['output', 0, 2],
  ]);
});

it('holds every span once, in order, and breaks only at line ends', () => {
  fc.assert(
    fc.property(texts, texts, (prompt, output) => {
      const blocks = blocksOf([part('prompt', prompt, 0), part('output', output, prompt.length)]);
      const drawn = blocks.map(({ chunks }) =>
        chunks.flatMap((chunk) => chunk.part.spans.spans.slice(chunk.start, chunk.end).map(({ text }) => text)),
      );
      expect(drawn.flat()).toEqual([...prompt, ...output]);
      for (const lines of drawn.slice(0, -1)) expect(lines.at(-1)).toMatch(/\n$/);
      expect(new Set(blocks.map(({ key }) => key)).size).toBe(blocks.length);
    }),
  );
});

it('never moves what stands in a closed chunk when a token comes', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (all, cut) => {
      const some = all.slice(0, cut % (all.length + 1));
      const closed = (list: readonly string[]) =>
        blocksOf([part('output', list, 0)]).flatMap(({ key, chunks }) =>
          chunks.filter(({ open }) => !open).map(({ start, end }) => [key, start, end].join()),
        );
      expect(closed(all)).toEqual(expect.arrayContaining(closed(some)));
    }),
  );
});
