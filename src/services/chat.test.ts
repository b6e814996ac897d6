/** What of a chat reaches the template, over each way in; and how many tokens generation makes of texts with and without a BOS. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Input, routes } from '../contract/index.ts';
import { active, loadTinyModel, operations, tokenizer } from '../testing/reference-workbench.ts';
import { dispatch, newContext } from '../transport/dispatch.ts';
import { localTransport } from '../transport/local.ts';
import { createRestApp } from '../transport/rest/app.ts';
import { FetchClient } from '../transport/rest/fetch-client.ts';

type Chat = Input<'tokenizer', 'chatTemplate'>;
type Generate = Input<'model', 'generate'>;

const routeOf = (service: string, operation: string) => routes.find((route) => route.service === service && route.operation === operation)!;
const app = createRestApp(operations);
const WAYS = {
  direct: (service: string, operation: string, input: object) =>
    dispatch(operations, routeOf(service, operation), input, newContext('direct', 'test')),
  restful: (service: string, operation: string, input: object) =>
    new FetchClient(async (make) => app.fetch(make()), 'http://glassbox/api').call(routeOf(service, operation), input),
  local: (service: string, operation: string, input: object) => localTransport(operations).call(routeOf(service, operation), input),
};

/** The prompt, or the problem: the same by each way in. */
async function promptOf(input: Chat): Promise<string> {
  const outcomes = await Promise.all(
    Object.values(WAYS).map((call) =>
      call('tokenizer', 'chatTemplate', input).then(
        (output) => (output as { prompt: string }).prompt,
        (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
      ),
    ),
  );
  expect(new Set(outcomes).size, outcomes.join('\n')).toBe(1);
  return outcomes[0]!;
}

beforeAll(loadTinyModel);
beforeEach(() => void tokenizer.configure({ source: 'model' }));

describe('a chat template sees', () => {
  const user = { role: 'user', content: 'Hi' };

  it('each field of a message, in the order given', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: { z: 1, a: [null, true] } } };
    const messages = [
      { content: 'Hi', role: 'developer', name: 'Ada', custom: { deep: [1] } },
      { role: 'assistant', tool_calls: [call], content: null },
      { tool_call_id: 'c1', role: 'tool', content: [{ type: 'text', text: '4' }] },
    ];
    const chat_template = '{% for m in messages %}{{ m | tojson }}\n{% endfor %}';
    expect(await promptOf({ messages, chat_template })).toBe(
      [
        '{"content": "Hi", "role": "developer", "name": "Ada", "custom": {"deep": [1]}}',
        '{"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"z": 1, "a": [null, true]}}}]}',
        '{"tool_call_id": "c1", "role": "tool", "content": [{"type": "text", "text": "4"}]}',
        '',
      ].join('\n'),
    );
  });

  it('reasoning under each of its names', async () => {
    const chat_template = '{{ messages[0].thinking }}|{{ messages[0].reasoning_content }}';
    for (const name of ['reasoning_content', 'reasoning', 'thinking'])
      expect(await promptOf({ messages: [{ role: 'assistant', content: '', [name]: 'hm' }], chat_template })).toBe('hm|hm');
  });

  it('tools, documents and variables; none of the first two where not given', async () => {
    const chat_template =
      '{% if tools is none %}no tools{% else %}{{ tools[0].name }}{% endif %}|{% if documents is none %}no documents{% else %}{{ documents[0].title }}{% endif %}|{{ mood }}|{{ bos_token }}';
    const bos = tokenizer.config().special_tokens.find(({ role }) => role?.includes('bos_token'))!.token;
    expect(await promptOf({ messages: [user], chat_template })).toBe(`no tools|no documents||${bos}`);
    const given = { tools: [{ name: 'f' }], documents: [{ title: 'T' }], chat_template_kwargs: { mood: 'good', bos_token: '<b>' } };
    expect(await promptOf({ messages: [user], chat_template, ...given })).toBe('f|T|good|<b>');
  });

  it('the generation prompt unless it is told otherwise', async () => {
    const chat_template = '{{ messages[-1].content }}{% if add_generation_prompt %}>{% endif %}';
    expect(await promptOf({ messages: [user], chat_template })).toBe('Hi>');
    expect(await promptOf({ messages: [user], chat_template, add_generation_prompt: false })).toBe('Hi');
    expect(await promptOf({ messages: [user], chat_template, continue_final_message: true })).toBe('Hi');
  });

  it.each(['messages', 'tools', 'add_generation_prompt', 'tokenize'])('no variable called %s, whose name is taken', async (name) => {
    expect(await promptOf({ messages: [user], chat_template_kwargs: { [name]: [] } })).toContain(
      `validation_failed: chat_template_kwargs.${name}`,
    );
  });
});

describe('the last message is gone on with', () => {
  const chat_template = '{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}</{{ m.role }}>\n{% endfor %}';
  const continued = (last: { role: string; [field: string]: unknown }, template = chat_template, choice: boolean | string = true) =>
    promptOf({ messages: [{ role: 'user', content: 'Go' }, last], chat_template: template, continue_final_message: choice });

  it('with and without the space that the template trims', async () => {
    expect(await continued({ role: 'assistant', content: 'One, two' })).toBe('<user>Go</user>\n<assistant>One, two');
    expect(await continued({ role: 'assistant', content: 'One, two ' })).toBe('<user>Go</user>\n<assistant>One, two');
    const keeping = chat_template.replace(' | trim', '');
    expect(await continued({ role: 'assistant', content: 'One, two ' }, keeping)).toBe('<user>Go</user>\n<assistant>One, two ');
  });

  it('in its last part that is text', async () => {
    const parts = [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }, { type: 'image' }];
    const template = '{% for p in messages[-1].content %}[{{ p.text or p.type }}]{% endfor %}';
    expect(await continued({ role: 'assistant', content: parts }, template)).toBe('[a][b');
  });

  it('in its reasoning', async () => {
    const template = '<think>{{ messages[-1].reasoning_content }}</think>{{ messages[-1].content }}';
    expect(await continued({ role: 'assistant', reasoning: 'So', content: '' }, template, 'reasoning')).toBe('<think>So');
  });

  it('or it is said why not', async () => {
    expect(await continued({ role: 'assistant', content: null })).toMatch(
      /^validation_failed: continue_final_message: needs "content" in the final message/,
    );
    expect(await continued({ role: 'assistant', content: 'x' }, '{{ messages[0].role }} content')).toMatch(
      /needs the final message in the prompt as it is/,
    );
    expect(await continued({ role: 'assistant', content: 'x' }, 'nothing')).toMatch(/needs a chat template that reads "content"/);
    expect(await continued({ role: 'assistant', content: [{ type: 'image' }] })).toMatch(/needs text in the final message, which has none/);
  });
});

describe('of several templates', () => {
  const named = (...names: string[]) =>
    tokenizer.configure({
      source: 'custom',
      tokenizer_json: { model: { type: 'BPE', vocab: { a: 0 }, merges: [] } },
      tokenizer_config: { chat_template: names.map((name) => ({ name, template: `it is ${name}` })) },
    });
  const messages = [{ role: 'user', content: 'Hi' }];

  it('the one for tools is taken where there are tools, else the default, else the one that is named', async () => {
    named('default', 'tool_use', 'rag');
    expect(await promptOf({ messages })).toBe('it is default');
    expect(await promptOf({ messages, tools: [] })).toBe('it is tool_use');
    expect(await promptOf({ messages, chat_template: 'rag' })).toBe('it is rag');
    expect(await promptOf({ messages, chat_template: '{{ 1 }}' })).toBe('1');
    named('rag', 'tool_use');
    expect(await promptOf({ messages, tools: [] })).toBe('it is tool_use');
    expect(await promptOf({ messages })).toMatch(/no "default".*rag, tool_use/);
  });
});

describe('the tokens of a prompt', () => {
  const promptTokens = async (input: Generate) =>
    (
      (await WAYS.direct('model', 'generate', { max_new_tokens: 1, ignore_eos: true, ...input })) as {
        usage: { prompt_tokens: number };
      }
    ).usage.prompt_tokens;
  const messages = [{ role: 'user', content: 'Hi there' }];

  it('are those of the chat, whose text begins with the BOS, also where it is given as a prompt', async () => {
    const prompt = await promptOf({ messages });
    const { length } = active.text.tokenizer.encode(prompt, { addSpecialTokens: false }).ids;
    expect(await promptTokens({ messages })).toBe(length);
    expect(await promptTokens({ prompt })).toBe(length);
    expect(await promptTokens({ prompt, add_special_tokens: true })).toBe(length);
    expect(await promptTokens({ prompt, add_special_tokens: false })).toBe(length);
  });

  it('have a BOS unless it is told otherwise, and no second one', async () => {
    const { bosId } = active.text.tokenizer;
    const bos = active.text.tokenizer.idToToken(bosId!)!;
    const plain = active.text.tokenizer.encode('Hi', { addSpecialTokens: false }).ids.length;
    expect(await promptTokens({ prompt: 'Hi' })).toBe(plain + 1);
    expect(await promptTokens({ prompt: 'Hi', add_special_tokens: false })).toBe(plain);
    expect(await promptTokens({ prompt: `${bos}Hi` })).toBe(plain + 1);
    expect(await promptTokens({ prompt: `${bos}${bos}Hi` })).toBe(plain + 2);
    expect(await promptTokens({ messages, chat_template: 'Hi' })).toBe(plain);
    expect(await promptTokens({ messages, chat_template: 'Hi', add_special_tokens: true })).toBe(plain + 1);
  });

  it('come from the fields that fit, and from no others', async () => {
    const misplaced: [Generate, string][] = [
      [{ prompt: 'Hi', tools: [{}] }, '/tools'],
      [{ input_ids: [1], continue_final_message: true }, '/continue_final_message'],
      [{ input_ids: [1], add_special_tokens: true }, '/add_special_tokens'],
    ];
    for (const [input, path] of misplaced)
      await expect(promptTokens(input)).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    expect(await promptTokens({ input_ids: [1], add_special_tokens: false, chat_template_kwargs: {} })).toBe(1);
  });
});
