import { describe, expect, it } from 'vitest';
import { tokens } from './code-tokens.ts';

describe('tokens', () => {
  const code = "await f('a // b', 1.5); // note\nfor x in y: # note\n";

  it('loses nothing', () =>
    expect(
      tokens(code)
        .map(({ text }) => text)
        .join(''),
    ).toBe(code));

  it('knows comments from strings', () => {
    const kinds = tokens(code).filter(({ kind }) => kind !== 'plain');
    expect(kinds.map(({ kind, text }) => `${kind} ${text.trim()}`)).toEqual([
      'word await',
      "string 'a // b'",
      'number 1.5',
      'comment // note',
      'word for',
      'word in',
      'comment # note',
    ]);
  });

  it('reads a shader', () => {
    const kinds = tokens('/* a\nb */\nfn f() -> f32 { return 2.0; }').filter(({ kind }) => kind !== 'plain');
    expect(kinds.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['comment /* a\nb */', 'word fn', 'word return', 'number 2.0']);
  });

  it('leaves long code plain', () => expect(tokens('1 '.repeat(20_000))).toHaveLength(1));
});
