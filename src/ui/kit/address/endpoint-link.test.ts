import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHash } from './hash-location.ts';
import { packJson } from './packed-json.ts';
import { inputOf, linkTo } from './endpoint-link.ts';

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
      fc.asyncProperty(fc.jsonValue(), async (text) => {
        const input = { text };
        expect(JSON.stringify(await roundTrip(input))).toBe(JSON.stringify(input));
      }),
    );
  });

  it.each([
    ['[1,2]', 'a list'],
    ['null', 'null'],
    ['3', 'a number'],
    ['true', 'true'],
    ['"text"', 'a string'],
  ])('says that %s is no request', async (input, kind) => {
    await expect(inputOf(`input=${encodeURIComponent(input)}`)).rejects.toThrow(`The link holds ${kind}. A request is a JSON object`);
    await expect(inputOf(`input=z:${await packJson(JSON.parse(input))}`)).rejects.toThrow(`The link holds ${kind}.`);
  });

  it.each(['input={"text":', 'input=z:!!!', 'input=z:AAAA', 'input=%E0%A4', 'input={"text":"caf%E9"}', 'input=z:q1YqSa0oUbJSSk5M-39YqRYA'])(
    'says that %s was cut off or changed',
    async (search) => {
      await expect(inputOf(search)).rejects.toThrow(/cut off or changed/);
    },
  );

  it('puts a bomb down before it is unpacked', async () => {
    const bomb = await packJson({ text: 'a'.repeat(40_000_000) });
    expect(bomb.length).toBeLessThan(60_000);
    await expect(inputOf(`input=z:${bomb}`)).rejects.toThrow(/more than 4 MB/);
  });

  it('refuses what is longer or deeper than anything here', async () => {
    await expect(inputOf(`input="${'a'.repeat(300_000)}"`)).rejects.toThrow(/300,002 characters/);
    await expect(inputOf(`input=${'['.repeat(50_000)}${']'.repeat(50_000)}`)).rejects.toThrow(/deep/);
  });
});
