/** Generation with the tokens told beforehand: what ends a sample, what its text holds, and whose id is whose. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Output, type ParsedInput, routes, type StreamEvent } from '../../contract/index.ts';
import { Engine } from '../../engine/index.ts';
import { Tokenizer } from '../../engine/text/tokenizer.ts';
import { lru } from '../../patchable/memory/index.ts';
import { fcfs } from '../../patchable/scheduler/index.ts';
import { TINY_CONFIG } from '../../platform/reference/random-weights.ts';
import { ReferenceRunner } from '../../platform/reference/reference-runner.ts';
import { newContext, validateInput } from '../../transport/dispatch.ts';
import { generate } from './generate.ts';

const json = (file: string): unknown => JSON.parse(readFileSync(`public/models/default/${file}`, 'utf8'));
const tokenizer = Tokenizer.fromFiles(json('tokenizer.json'), json('tokenizer_config.json'));
const EOS = tokenizer.eosId!;
const EOS_TEXT = tokenizer.idToToken(EOS)!;
const config = { ...TINY_CONFIG, vocabSize: tokenizer.vocabSize, maxPositionEmbeddings: 512 };
const PROMPT = [1, 2];

/** What each sample gives, by index; then zeros of no meaning. */
let script: readonly (readonly number[])[] = [];
let sample = -1;
const engine = new Engine(new ReferenceRunner({ config, numBlocks: 256, blockSize: 16 }), {
  ...{ policy: fcfs, eviction: lru },
  sample: (_, { tokenIds }) => {
    const place = tokenIds.length - PROMPT.length;
    // Samples of a request take their first token in turn, and differ from then on.
    if (place === 0) sample = (sample + 1) % script.length;
    const own = place === 0 ? script[sample]! : script.find((ids) => ids.slice(0, place).join() === tokenIds.slice(PROMPT.length).join())!;
    return own[place] ?? 5;
  },
});
afterAll(() => engine.stop());

type Result = Output<'model', 'generate'>;
const route = routes.find(({ path }) => path === '/model/generate')!;
const parsed = (input: object) => validateInput(route, { input_ids: PROMPT, temperature: 0, ...input }) as ParsedInput<'model', 'generate'>;
const withEngine = { engine, tokenizer, modelId: 'told', eosTokenIds: [EOS] };
const run = (input: object, context = newContext('direct', 'test')) => generate(parsed(input), withEngine, context);

/** The whole answer; that of a stream must be the same, and be what its pieces make. */
async function told(ids: readonly (readonly number[])[], input: object = {}): Promise<Result['choices']> {
  script = ids;
  sample = -1;
  const wanted = { n: ids.length, max_new_tokens: Math.max(...ids.map(({ length }) => length)), ...input };
  const whole = (await run(wanted)) as Result;
  sample = -1;
  const pieces = ids.map(() => '');
  let last: Result | null = null;
  for await (const event of run({ ...wanted, stream: true }) as AsyncIterable<StreamEvent<'model', 'generate'>>) {
    if (event.event === 'token') pieces[event.data.index] += event.data.text;
    else last = event.data;
  }
  expect(last!.choices).toEqual(whole.choices);
  expect(pieces).toEqual(whole.choices.map(({ text }) => text));
  return whole.choices;
}

const ids = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false }).ids;
const once = ids('Once upon a time, there was a dog.');

test('a stop string that is a special token stops, and the text is without it', async () => {
  const [choice] = await told([[...once, EOS, ...once]], { stop: [EOS_TEXT], ignore_eos: true });
  expect(choice).toMatchObject({
    text: 'Once upon a time, there was a dog.',
    finish_reason: 'stop',
    stop_string: EOS_TEXT,
    stop_token_id: null,
  });
  expect(choice!.token_ids).toEqual([...once, EOS]);
});

test('so does one that begins or ends within text', async () => {
  const [before] = await told([[...once, EOS, ...once]], { stop: [`dog.${EOS_TEXT}`], ignore_eos: true });
  expect(before).toMatchObject({ text: 'Once upon a time, there was a ', stop_string: `dog.${EOS_TEXT}` });
  const [after] = await told([[...once, EOS, ...once]], { stop: [`${EOS_TEXT}Once`], ignore_eos: true });
  expect(after).toMatchObject({ text: 'Once upon a time, there was a dog.', stop_string: `${EOS_TEXT}Once` });
  const [never] = await told([[...once, EOS, ...once]], { stop: [`${EOS_TEXT}Twice`], ignore_eos: true });
  expect(never).toMatchObject({ finish_reason: 'length', stop_string: null });
  expect(never!.text).toBe('Once upon a time, there was a dog.'.repeat(2));
});

test('special tokens are shown where they are asked for', async () => {
  const [shown] = await told([[...once, EOS, ...once]], { skip_special_tokens: false, ignore_eos: true });
  expect(shown!.text).toBe(`Once upon a time, there was a dog.${EOS_TEXT}Once upon a time, there was a dog.`);
  const [ended] = await told([[...once, EOS]], { skip_special_tokens: false, max_new_tokens: 100 });
  expect(ended).toMatchObject({ text: `Once upon a time, there was a dog.${EOS_TEXT}`, finish_reason: 'stop', stop_token_id: EOS });
  const [left] = await told([[...once, EOS]], { max_new_tokens: 100 });
  expect(left).toMatchObject({ text: 'Once upon a time, there was a dog.', finish_reason: 'stop', stop_token_id: EOS, stop_string: null });
});

test('a stop token stops without its text, which is among the ids', async () => {
  const at = 4;
  const [choice] = await told([once], { stop_token_ids: [once[at]!], max_new_tokens: 100 });
  expect(choice).toMatchObject({ finish_reason: 'stop', stop_token_id: once[at], stop_string: null });
  expect(choice!.token_ids).toEqual(once.slice(0, at + 1));
  expect(choice!.text).toBe(tokenizer.decode(once.slice(0, at)));
  expect(() => run({ stop_token_ids: [99_999_999] })).toThrow(expect.objectContaining({ code: 'token_out_of_range' }));
});

test('each of several samples has its own end', async () => {
  const other = ids('The bird sang until night came. Then it slept.');
  const choices = await told([[...once, EOS], other], { stop: ['Then', EOS_TEXT], max_new_tokens: 100 });
  expect(choices.map(({ text }) => text)).toEqual(['Once upon a time, there was a dog.', 'The bird sang until night came. ']);
  expect(choices.map(({ stop_string }) => stop_string)).toEqual([EOS_TEXT, 'Then']);
});

test('whatever the tokens and the stop strings, text ends before the first stop, and is what decoding gives', async () => {
  const words = [...ids('the dog ran. The cat 🐉 sat'), EOS];
  const input = fc.record({
    tokens: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 }),
    stop: fc.array(fc.constantFrom('dog', ' r', 'the', `${EOS_TEXT}`, `.${EOS_TEXT}`, `${EOS_TEXT} The`, 'ran. The', '🐉'), {
      maxLength: 3,
    }),
    skip: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ tokens, stop, skip }) => {
      const [choice] = await told([tokens], { stop, skip_special_tokens: skip, ignore_eos: true, max_new_tokens: tokens.length });
      const watched = tokenizer.decode(choice!.token_ids);
      const visible = tokenizer.decode(choice!.token_ids, { skipSpecialTokens: skip });
      if (choice!.stop_string === null) {
        expect(stop.filter((each) => watched.includes(each))).toEqual([]);
        expect(choice!.text).toBe(visible);
      } else {
        const cut = watched.slice(0, watched.lastIndexOf(choice!.stop_string));
        expect(choice!.text).toBe(skip ? cut.replaceAll(EOS_TEXT, '') : cut);
      }
    }),
    { numRuns: 60 },
  );
});

test('an id that a caller chose is never given out, and can be chosen again when its generation has ended', async () => {
  script = [once];
  const first = run({ id: 'mine', max_new_tokens: 3 }) as Promise<Result>;
  expect(() => run({ id: 'mine' })).toThrow(expect.objectContaining({ code: 'conflict' }));
  await first;
  const abort = new AbortController();
  const ended = (await run({ id: 'mine', max_new_tokens: 2 }, newContext('direct', 'test', abort.signal))) as Result;
  expect(ended.id).toBe('mine');
  expect(engine.list().filter(({ id }) => id === 'mine')).toHaveLength(1);
  const third = run({ id: 'mine', max_new_tokens: 6, ignore_eos: true }) as Promise<Result>;
  // The caller of the one before goes away: nothing of it is left to cancel.
  abort.abort();
  expect((await third).choices[0]).toMatchObject({ finish_reason: 'length' });
  const cancelled = run({ id: 'mine', max_new_tokens: 400 }) as Promise<Result>;
  engine.cancel('mine');
  await cancelled;
  expect(((await run({ id: 'mine', max_new_tokens: 1 })) as Result).id).toBe('mine');
});

test('the engine gives out none that was chosen', async () => {
  const request = { promptTokenIds: PROMPT, maxNewTokens: 1 };
  const arrived = engine.list().length;
  const chosen = Array.from({ length: 40 }, (_, i) => engine.generate({ ...request, id: `gen_${arrived + i * 2}` }));
  const given = Array.from({ length: 40 }, () => engine.generate(request));
  expect(new Set([...chosen, ...given].map(({ id }) => id)).size).toBe(80);
  await Promise.all([...chosen, ...given].map(({ result }) => result));
});
