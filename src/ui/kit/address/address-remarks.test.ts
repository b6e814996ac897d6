/** What is said of an address that holds more than is read. */
import { expect, it } from 'vitest';
import { addressRemarks, pathRemarks } from './address-remarks.ts';

const remarksOn = (search: string) => addressRemarks(search, { names: ['input'], several: ['stop'], of: 'this page' });

it.each([
  ['', []],
  ['input=5&stop=a&stop=b', []],
  ['inptu=5', ['“inptu” is no parameter of this page: it was left out.']],
  ['x=1&x=2', ['“x” is no parameter of this page: it was left out.']],
  ['input=5&input=6', ['input stands in the link twice; the first is used.']],
  ['input=5&input=6&input=', ['input stands in the link 3 times; the first is used.']],
  ['input=%E9', [expect.stringMatching(/cut off or changed/)]],
  [`${'n'.repeat(100_000)}=1`, [`“${'n'.repeat(39)}…” is no parameter of this page: it was left out.`]],
  ['a%E2%80%AEb=1', ['“a⟨U+202E⟩b” is no parameter of this page: it was left out.']],
])('%j', (search, remarks) => expect(remarksOn(search)).toEqual(remarks));

it.each([
  ['/tests/tokenizer/one%20case', []],
  ['/tests/%', [expect.stringMatching(/cut off or changed/)]],
])('the path %s', (path, remarks) => expect(pathRemarks(path)).toEqual(remarks));
