import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError, contract, type Input, type Operation, type ParsedInput, routes } from '../../contract/index.ts';
import { KEPT_TOKENIZATIONS } from '../../contract/tokenizer.ts';
import { defaultTokenizer, fixtureTokenizer, readFixture, tinyFile } from '../../engine/text/testing/tokenizers.ts';
import { runExample } from '../examples/run.ts';
import { ActiveModel } from '../serving/active-model.ts';
import { TokenizerService } from './index.ts';
import { KeptTokenizations } from './kept-tokenizations.ts';

type Own = Exclude<Operation<'tokenizer'>, 'info' | 'examples' | 'test'>;
const own = new Set<string>(['tokenize', 'detokenize', 'detokenizeById', 'config', 'configure', 'chatTemplate'] satisfies Own[]);

/** Input with the contract's defaults. */
const parsed = <O extends Own>(operation: O, input: Input<'tokenizer', O>) =>
  contract.tokenizer.endpoints[operation].input.parse(input) as ParsedInput<'tokenizer', O>;

function problemOf(work: () => unknown): ApiError {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

let active: ActiveModel;
let service: TokenizerService;
beforeEach(() => {
  active = new ActiveModel();
  service = new TokenizerService(active);
  active.text.setModel({ tokenizer: defaultTokenizer(), id: 'default', modelIds: 0 });
});
const tokenize = (input: Input<'tokenizer', 'tokenize'>) => service.tokenize(parsed('tokenize', input));
const byId = (id: string, options = {}) => service.detokenizeById(parsed('detokenizeById', { id, ...options })).text;
const detokenize = (input: Input<'tokenizer', 'detokenize'>) => service.detokenize(parsed('detokenize', input)).text;
const configure = (input: Input<'tokenizer', 'configure'>) => service.configure(parsed('configure', input));

describe('the examples of the contract', () => {
  const cases = routes
    .filter((route) => route.service === 'tokenizer' && own.has(route.operation))
    .flatMap((route) => route.endpoint.examples.map((example) => [`${route.operation}: ${example.name}`, route, example] as const));

  it.each(cases)('%s', async (_, route, example) => {
    const result = await runExample(route, example, async (called, input) => {
      const { endpoint, operation } = called;
      const checked = endpoint.input.safeParse(input);
      if (!checked.success) throw new ApiError('validation_failed', checked.error.message);
      const method = (service as unknown as Record<string, (value: unknown) => unknown>)[operation]!;
      return endpoint.output.parse(await method.call(service, checked.data));
    });
    expect(result).toMatchObject({ passed: true });
  });
});

describe('without a model', () => {
  it('everything answers model_not_loaded, but a custom tokenizer can be given', () => {
    active.text.setModel(null);
    expect(service.state()).toMatchObject({ tokenizer_id: null, vocab_size: null });
    for (const work of [
      () => tokenize({ text: 'a' }),
      () => detokenize({ input_ids: [1] }),
      () => service.config(),
      () => configure({}),
      () => active.text.tokenizer,
    ]) {
      expect(problemOf(work)).toMatchObject({ code: 'model_not_loaded' });
    }
    expect(configure({ source: 'custom', tokenizer_json: tinyFile() })).toMatchObject({ tokenizer_id: 'custom', vocab_size: 7 });
    expect(tokenize({ text: 'abc' }).input_ids).toEqual([4]);
  });
});

describe('configure', () => {
  it('a broken tokenizer is refused with its part, and the old one serves on', () => {
    configure({ source: 'custom', tokenizer_json: tinyFile() });
    const broken = { ...tinyFile(), model: { type: 'BPE', vocab: { a: 0 }, merges: [['a', 'b']] } };
    expect(problemOf(() => configure({ source: 'custom', tokenizer_json: broken }))).toMatchObject({
      code: 'tokenizer_invalid',
      message: 'model.merges[0]: the token "b" is not in the vocabulary.',
      errors: [{ path: 'model.merges[0]', message: 'the token "b" is not in the vocabulary.' }],
    });
    expect(service.config().tokenizer_id).toBe('custom');
    expect(configure({ source: 'model' }).tokenizer_id).toBe('default');
  });

  it('a swap of weights ends the custom tokenizer', () => {
    configure({ source: 'custom', tokenizer_json: tinyFile() });
    active.text.setModel({ tokenizer: fixtureTokenizer('wordpiece'), id: 'bert', modelIds: 0 });
    expect(service.config()).toMatchObject({
      tokenizer_id: 'bert',
      type: 'WordPiece',
      normalizer: 'BertNormalizer',
      pre_tokenizer: 'BertPreTokenizer',
      post_processor: 'TemplateProcessing',
      decoder: 'WordPiece',
      model_max_length: 2048,
      chat_template: null,
    });
    expect(service.config().special_tokens).toContainEqual({ id: 2, token: '[CLS]', role: 'cls_token' });
  });

  it('names nested stages and says nothing of roles that a token does not have', () => {
    active.text.setModel({ tokenizer: fixtureTokenizer('bytelevel-bpe-llama3'), id: 'llama', modelIds: 0 });
    const config = service.config();
    expect(config.pre_tokenizer).toBe('Sequence(Split, ByteLevel)');
    expect(config.special_tokens.find(({ token }) => token === '<|end_of_text|>')).not.toHaveProperty('role');
    expect(config.special_tokens.map(({ token }) => token)).not.toContain('<tool_call>');
  });
});

describe('detokenize by id', () => {
  it('gives the text back, without padding, as one or as many', () => {
    const single = tokenize({ text: 'Once upon a time 👍🏽', add_special_tokens: false });
    expect(byId(single.id)).toBe('Once upon a time 👍🏽');
    const many = tokenize({ text: ['Hi', 'The cat sat.'], padding: 'longest', padding_side: 'left' });
    expect(byId(many.id, { skip_special_tokens: true })).toEqual(['Hi', 'The cat sat.']);
    expect(byId(many.id)).toEqual(['<|endoftext|>Hi', '<|endoftext|>The cat sat.']);
    expect(byId(tokenize({ text: ['Hi'] }).id, { skip_special_tokens: true })).toEqual(['Hi']);
  });

  it('gives the same id for the same tokenization, and another for any other', () => {
    const { id } = tokenize({ text: 'Hi' });
    expect(tokenize({ text: 'Hi', padding: 'max_length', max_length: 8 }).id).toBe(id);
    expect(tokenize({ text: ['Hi'] }).id).not.toBe(id);
    expect(tokenize({ text: 'Ho' }).id).not.toBe(id);
    expect(service.state().kept).toBe(3);
  });

  it('decodes with the tokenizer that made the ids', () => {
    const { id } = tokenize({ text: 'The cat', add_special_tokens: false });
    active.text.setModel({ tokenizer: fixtureTokenizer('wordpiece'), id: 'bert', modelIds: 0 });
    expect(byId(id)).toBe('The cat');
    expect(problemOf(() => byId('tok_none'))).toMatchObject({ code: 'not_found', message: expect.stringContaining('"tok_none"') });
  });

  it('keeps a bounded number: the least recently used goes first', () => {
    const first = tokenize({ text: 'first' }).id;
    const second = tokenize({ text: 'second' }).id;
    for (let index = 0; index < KEPT_TOKENIZATIONS - 2; index++) tokenize({ text: String(index) });
    byId(first);
    tokenize({ text: 'one more' });
    expect(service.state()).toMatchObject({ kept: KEPT_TOKENIZATIONS, kept_limit: KEPT_TOKENIZATIONS });
    expect(byId(first, { skip_special_tokens: true })).toBe('first');
    expect(problemOf(() => byId(second)).code).toBe('not_found');
  });

  it('keeps a bounded number of tokens', () => {
    const tokenizer = defaultTokenizer();
    const kept = new KeptTokenizations(100, 10);
    const keep = (text: string) => kept.keep(tokenizer, [tokenizer.encode(text, { addSpecialTokens: false })], false);
    const small = keep('Hi');
    const large = keep('1234567890123');
    expect(kept.get(small)).toBeUndefined();
    expect(kept.get(large)?.ids[0]).toHaveLength(13);
    keep('Hi');
    expect(kept.size).toBe(1);
  });
});

describe('problems', () => {
  it('an id outside the vocabulary is told with its place', () => {
    const size = active.text.tokenizer.vocabSize;
    expect(problemOf(() => detokenize({ input_ids: [[1], [2, 3, size]] }))).toMatchObject({
      code: 'token_out_of_range',
      message: `Token id ${size} at index 2 of /input_ids/1 is not in the vocabulary of ${size} tokens (ids 0 to ${size - 1}).`,
      errors: [{ path: '/input_ids/1/2' }],
    });
  });

  it('an id that the model has and the tokenizer has not is empty text', () => {
    const tokenizer = defaultTokenizer();
    const size = tokenizer.vocabSize;
    active.text.setModel({ tokenizer, id: 'padded', modelIds: size + 8 });
    expect(detokenize({ input_ids: [size, 5, size + 7, 6] })).toBe(tokenizer.decode([5, 6]));
    expect(problemOf(() => detokenize({ input_ids: [size + 8] })).code).toBe('token_out_of_range');
    active.text.setModel({ tokenizer: defaultTokenizer(), id: 'default', modelIds: size });
    expect(problemOf(() => detokenize({ input_ids: [size] })).code).toBe('token_out_of_range');
  });

  it('a gap in the vocabulary is empty text', () => {
    const file = tinyFile();
    file.model['vocab'] = { a: 0, b: 1, c: 2, ab: 3, abc: 4, '?': 60 };
    configure({ source: 'custom', tokenizer_json: file });
    expect(detokenize({ input_ids: [4, 59, 0] })).toBe('abca');
  });

  it('padding that has no length is a wrong input', () => {
    configure({ source: 'custom', tokenizer_json: tinyFile(), tokenizer_config: { pad_token: '<s>' } });
    expect(problemOf(() => tokenize({ text: 'a', padding: 'max_length' }))).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/padding' }],
    });
  });

  it('a chat template that complains is told with its words', () => {
    const chat = (chat_template?: string) =>
      service.chatTemplate(
        parsed('chatTemplate', { messages: [{ role: 'user', content: 'Hi' }], ...(chat_template !== undefined && { chat_template }) }),
      );
    expect(problemOf(() => chat("{{ raise_exception('Roles must alternate') }}"))).toMatchObject({
      code: 'tokenizer_invalid',
      message: 'chat_template: cannot be rendered: Roles must alternate',
      errors: [{ path: 'chat_template' }],
    });
    for (const template of ["{{ raise_exception('é' * 2000000) }}", "{{ messages[0]['x' * 2000000] + 1 }}"]) {
      const { message, errors } = problemOf(() => chat(template));
      expect(message.length).toBeLessThan(1200);
      expect(errors?.[0]?.message.length).toBeLessThan(1200);
    }
    expect(problemOf(() => chat("{{ raise_exception('🙂' * 3000) }}"))).toMatchObject({
      message: `chat_template: cannot be rendered: ${'🙂'.repeat(500)}… (cut: 5000 more characters)`,
    });
    active.text.setModel({ tokenizer: fixtureTokenizer('bytelevel-bpe'), id: 'gpt2', modelIds: 0 });
    expect(problemOf(() => chat())).toMatchObject({ code: 'tokenizer_invalid', message: expect.stringContaining('has none') });
    expect(chat('{{ bos_token }}{{ messages[0].content }}')).toEqual({
      prompt: '<|endoftext|>Hi',
      input_ids: active.text.tokenizer.encode('<|endoftext|>Hi').ids,
    });
  });
});

it("renders a chat with the tokenizer's own template", () => {
  active.text.setModel({ tokenizer: fixtureTokenizer('bytelevel-bpe-smollm'), id: 'smollm', modelIds: 0 });
  const { cases } = readFixture<{ cases: { template: string; description: string; messages: never; text: string }[] }>(
    'chat_expected.json',
  );
  const expected = cases.find(({ description }) => description === 'smollm2: three turns')!;
  const { prompt, input_ids } = service.chatTemplate(parsed('chatTemplate', { messages: expected.messages, add_generation_prompt: false }));
  expect(prompt).toBe(expected.text);
  expect(detokenize({ input_ids })).toBe(prompt);
});
