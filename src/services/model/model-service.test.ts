/** What the model service answers to requests that would harm it, or that the tokenizer refuses. */
import { beforeAll, expect, it } from 'vitest';
import { loadTinyModel, model, tokenizer } from '../../testing/reference-workbench.ts';
import { validateInput, newContext } from '../../transport/dispatch.ts';
import { type ParsedInput, routes } from '../../contract/index.ts';

const context = () => newContext('direct', 'test');
const parsed = <O extends 'forward' | 'generate'>(operation: O, input: object) =>
  validateInput(
    routes.find((route) => route.service === 'model' && route.operation === operation)!,
    input,
  ) as ParsedInput<'model', O>;
const capture = async (...names: string[]) =>
  Object.keys((await model.forward(parsed('forward', { input_ids: [1], logits: 'none', capture: names }), context())).captures);

beforeAll(loadTinyModel);

it('a star in a capture stands for anything between two dots', async () => {
  const all = await capture('layers.0.*');
  expect(all.length).toBeGreaterThan(1);
  expect(await capture('layers.*.mlp_out')).toEqual(['layers.0.mlp_out']);
  expect(await capture('l*rs.0.m*_*t')).toEqual(['layers.0.mlp_out']);
  expect(await capture('hidden_states.*', 'hidden_states.0')).toContain('hidden_states.0');
  for (const none of ['*', 'layers.0', 'layers.0.*.*', 'layers.0.mlp_out*t', ''])
    await expect(capture(none)).rejects.toMatchObject({ code: 'not_found' });
});

it('no capture pattern takes long', async () => {
  const start = performance.now();
  await expect(capture(`${'*a'.repeat(20)}*!`, `${'*'.repeat(200)}x`)).rejects.toMatchObject({ code: 'not_found' });
  // A backtracking matcher would need hours.
  expect(performance.now() - start).toBeLessThan(5000);
});

it('a chat template that fails is a wrong tokenizer, not a failure of the service', async () => {
  tokenizer.configure({
    source: 'custom',
    tokenizer_json: { model: { type: 'BPE', vocab: { a: 0 }, merges: [] } },
    tokenizer_config: { chat_template: "{{ raise_exception('Roles must alternate') }}" },
  });
  expect(() => model.generate(parsed('generate', { messages: [{ role: 'user', content: 'Hi' }] }), context())).toThrow(
    expect.objectContaining({ code: 'tokenizer_invalid', message: expect.stringContaining('Roles must alternate') as string }),
  );
  tokenizer.configure({ source: 'model' });
});

it('a generation whose weights are replaced is told so, and that it can be sent again', async () => {
  tokenizer.configure({ source: 'model' });
  const input = parsed('generate', { input_ids: [1, 2], max_new_tokens: 20, ignore_eos: true });
  const outcome = Promise.resolve(model.generate(input, context())).catch((error: unknown) => error);
  await loadTinyModel();
  expect(await outcome).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/weights were replaced.*Send it again/) as string,
  });
});
