/** Endpoints are reached by the contract's path or by one with its parameters filled in, in every mode; the envelope comes by a method of its own. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { bothTransports } from '../testing/both-transports.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { localTransport } from '../transport/local.ts';
import { Client } from './client.ts';

const { direct, restful, close } = bothTransports(operations);
beforeAll(loadTinyModel);
afterAll(close);

const overPort = new Client({ direct, restful: null });
const overRest = new Client({ direct, restful });
const inWorker = new Client({ direct: localTransport(operations), restful });
inWorker.enableRestfulMode(false);

describe.each([
  ['over the port', overPort],
  ['over REST', overRest],
  ['in the worker', inWorker],
])('%s', (_mode, client) => {
  test('a tokenization is detokenized by its id in the path, as by its id in the input', async () => {
    const { id } = await client.post('tokenizer', 'tokenize', { text: 'Hello world', add_special_tokens: false });
    const byPath = await client.get('tokenizer', `detokenize/${id}`);
    expect(byPath).toEqual({ id, text: 'Hello world' });
    expect(byPath).toEqual(await client.get('tokenizer', 'detokenize/{id}', { id }));
    expect(await client.get('tokenizer', `detokenize/${id}`, { skip_special_tokens: true })).toEqual(byPath);
  });

  test('an id that is gone, or never was, is refused in words', async () => {
    await expect(client.get('tokenizer', 'detokenize/tok_1')).rejects.toMatchObject({
      code: 'not_found',
      status: 404,
      message: expect.stringMatching(/^No tokenization "tok_1" is kept.*Tokenize the text again/),
    });
  });

  test('a part of a path is percent-decoded, as in any address', async () => {
    for (const [written, id] of [
      ['a%2Fb', 'a/b'],
      ['50%', '50%'],
      ['a b', 'a b'],
    ])
      await expect(client.get('computation', `plans/${written}`)).rejects.toMatchObject({ message: expect.stringContaining(`"${id}"`) });
  });

  test('an id in the path and another in the input is a contradiction', async () => {
    const call = async () => client.get('tokenizer', 'detokenize/tok_1', { id: 'tok_2' } as never);
    await expect(call()).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: '/id' }] });
  });
});

test.each(['detokenise/tok_1', 'detokenize/', 'detokenize/a/b', ''])('%j is no path; those there are stand in the answer', async (path) => {
  const call = async () => overPort.get('tokenizer', path as 'info');
  await expect(call()).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('detokenize/{id}') });
});

test('what is still to be given, and what comes back, follows from the contract', () => {
  const client = overPort;
  // Never run: the compiler reads it.
  const calls = () => [
    client.get('code', 'resources/sampler/revisions'),
    // @ts-expect-error -- the id is neither in the path nor in the input
    client.get('tokenizer', 'detokenize/{id}'),
    // @ts-expect-error -- no service has it
    client.get('tokenizer', 'detokenise/tok_1'),
  ];
  expectTypeOf(calls).toBeFunction();
  expectTypeOf(client.get<'tokenizer', 'detokenize/tok_1'>).returns.resolves.toEqualTypeOf<{ id: string; text: string | string[] }>();
  expectTypeOf(client.get<'code', 'resources/sampler/revisions'>).returns.resolves.toHaveProperty('revisions');
  expectTypeOf(client.envelope<'tokenizer', 'POST', 'tokenize'>)
    .returns.resolves.toHaveProperty('data')
    .toHaveProperty('input_ids');
});

describe('the envelope', () => {
  test('is the RESTful answer, whose data the plain call gives', async () => {
    const input = { text: 'Hello world' };
    const { data, metadata, examples } = await overRest.envelope('POST', 'tokenizer', 'tokenize', input);
    expect(data).toEqual(await overRest.post('tokenizer', 'tokenize', input));
    expect(metadata).toMatchObject({ service: 'tokenizer', endpoint: 'POST /tokenizer/tokenize', mode: 'restful' });
    expect(examples.count).toBeGreaterThan(2);
    const byId = await overRest.envelope('GET', 'tokenizer', `detokenize/${data.id}`);
    expect(byId.data.id).toBe(data.id);
  });

  test('has typed arrays in its data', async () => {
    const { data } = await overRest.envelope('POST', 'model', 'forward', { input_ids: [1, 2, 3], logits: 'last' });
    expect(data.logits?.data).toBeInstanceOf(Float32Array);
  });

  test.each([
    ['over the port', overPort],
    ['in the worker', inWorker],
  ])('is none %s, which says so', async (_mode, client) => {
    await expect(client.envelope('POST', 'tokenizer', 'tokenize', { text: 'Hi' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('enableRestfulMode(true)'),
    });
  });
});
