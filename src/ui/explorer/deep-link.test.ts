import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHash } from '../kit/hash-location.ts';
import { inputOf, linkTo } from './deep-link.ts';

const target = { service: 'tokenizer', operation: 'tokenize' };
const roundTrip = async (input: unknown) => inputOf(parseHash(`#${await linkTo(target, input)}`).search);

describe('links', () => {
  it('names service and operation alone', async () => {
    expect(await linkTo(target)).toBe('/api/tokenizer/tokenize');
    expect(await inputOf('')).toBeUndefined();
  });

  it('stays readable while short', async () => {
    expect(decodeURIComponent(await linkTo(target, { text: 'Hi' }))).toBe('/api/tokenizer/tokenize?input={"text":"Hi"}');
  });

  it('shrinks what is long', async () => {
    const input = { text: 'word '.repeat(10_000) };
    const link = await linkTo(target, input);
    expect(link.length).toBeLessThan(400);
    expect(await roundTrip(input)).toEqual(input);
  });

  it('carries any JSON unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (input) => {
        expect(JSON.stringify(await roundTrip(input))).toBe(JSON.stringify(input));
      }),
    );
  });

  it('gives nothing for a broken link', async () => {
    expect(await inputOf('input={"text":')).toBeUndefined();
    expect(await inputOf('input=z:!!!')).toBeUndefined();
  });
});
