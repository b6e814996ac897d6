/** An added token of white space that takes the white space around it is one token, as in the Rust library (0.23). */
import { expect, test } from 'vitest';
import { Tokenizer } from './tokenizer.ts';

test('what the white space of a token has taken is no token any more', () => {
  const tokenizer = Tokenizer.fromFiles(
    {
      model: { type: 'WordPiece', vocab: { '[UNK]': 0, a: 1 }, unk_token: '[UNK]' },
      added_tokens: [{ id: 2, content: '\n', lstrip: true, rstrip: true, normalized: false, special: false, single_word: false }],
    },
    {},
  );
  const { ids, offsets } = tokenizer.encode('\n\n a');
  expect(ids).toEqual([2, 1]);
  expect(offsets).toEqual([
    [0, 3],
    [3, 4],
  ]);
});
