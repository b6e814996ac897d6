/** A text of tens of megabytes is refused at once, before anything is made of it, on both transports. */
import { beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../contract/index.ts';
import { loadTinyModel, operations } from '../testing/reference-workbench.ts';
import { dispatch, newContext } from './dispatch.ts';
import { createRestApp } from './rest/app.ts';

const app = createRestApp(operations);
const long = 'word '.repeat(6_000_000);
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });

beforeAll(loadTinyModel);

describe.each([
  ['/tokenizer/tokenize', '/text', { text: long }],
  ['/tokenizer/tokenize', '/text', { text: Array.from({ length: 30 }, () => long.slice(0, 1_000_000)) }],
  ['/tokenizer/chat_template', '/messages', user(long)],
  ['/tokenizer/chat_template', '/messages', user([{ type: 'text', text: long }])],
  ['/tokenizer/chat_template', '/chat_template', { ...user('a'), chat_template: long }],
  ['/tokenizer/chat_template', '/messages', { ...user('x'.repeat(500_000)), chat_template: '{{ messages[0].content * 5 }}' }],
  ['/model/generate', '/prompt', { prompt: long }],
  ['/model/generate', '/messages', user(long)],
  [
    '/scheduler/schedule',
    '/workload/requests/0/prompt',
    { workload: { kind: 'requests', requests: [{ prompt: long, output_tokens: 1 }] } },
  ],
  ['/computation/experiments', '/text', { text: long }],
  ['/code/run', '/source', { source: long }],
])('%s %s', (path, pointer, input) => {
  const route = routes.find((each) => each.path === path && each.endpoint.method === 'POST')!;

  test('over REST and direct', async () => {
    const started = performance.now();
    const response = await app.fetch(
      new Request(`http://glassbox/api${path}`, {
        method: 'POST',
        body: JSON.stringify(input),
        headers: { 'content-type': 'application/json' },
      }),
    );
    expect(await response.json()).toMatchObject({ status: 422, code: 'validation_failed', errors: [{ path: pointer }] });
    await expect(dispatch(operations, route, input, newContext('direct', 'test'))).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: pointer }],
    });
    // Tokenizing it takes tens of seconds.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
