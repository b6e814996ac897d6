/**
 * Published models, where this machine has them: `GLASSBOX_MODELS=stories260K=FOLDER,smollm2=FOLDER npx playwright test published`.
 * The repository ships neither; the command of all tests skips what is not there.
 */
import { readFileSync } from 'node:fs';
import { WEIGHTS_URL } from './server.ts';
import { expect, test } from './support.ts';

const here = (name: string) => (process.env['GLASSBOX_MODELS'] ?? '').split(',').some((pair) => pair.startsWith(`${name}=`));

/** Of karpathy/tinyllamas, stories260K: what follows BOS. */
const STORY =
  'Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball. She wanted to play with it, but it was too high.';

for (const provider of ['wasm', 'webgpu'] as const) {
  test(`stories260K by URL on ${provider}: greedy from BOS, on both transports, streamed and not`, async ({ app }) => {
    test.skip(!here('stories260K'), 'GLASSBOX_MODELS names no stories260K');
    await app.open();
    const texts = await app.page.evaluate(
      async ({ url, execution_provider }) => {
        const { client } = globalThis.glassbox;
        const texts: Record<string, string> = {};
        for (const restful of [true, false]) {
          client.enableRestfulMode(restful);
          await client.put('model', 'weights', { source: { kind: 'url', url }, execution_provider });
          const input = { input_ids: [1], max_new_tokens: 80, temperature: 0 };
          const whole = (await client.post('model', 'generate', input)) as { choices: { text: string }[] };
          let streamed = '';
          for await (const event of client.stream('model', 'generate', input)) if (event.event === 'token') streamed += event.data.text;
          const { weights } = await client.get('model', 'weights');
          const how = `${weights!.execution_provider}, ${restful ? 'RESTful' : 'direct'}`;
          Object.assign(texts, { [`${how}, whole`]: whole.choices[0]!.text, [`${how}, streamed`]: streamed });
        }
        return texts;
      },
      { url: `${WEIGHTS_URL}stories260K`, execution_provider: provider },
    );
    expect(Object.keys(texts)).toHaveLength(4);
    for (const [how, text] of Object.entries(texts)) {
      expect(how).toContain(provider);
      expect.soft(text.trimStart().slice(0, STORY.length), how).toBe(STORY);
    }
  });
}

interface Greedy {
  prompts: { input_ids: number[]; output_ids: number[] }[];
}

test('SmolLM2-135M-Instruct by URL: progress, the greedy ids of transformers for ten prompts, and a chat', async ({ app }) => {
  test.skip(!here('smollm2'), 'GLASSBOX_MODELS names no smollm2');
  test.setTimeout(600_000);
  await app.open();
  const { page } = app;
  const { prompts } = JSON.parse(readFileSync('fixtures/smollm2/greedy.json', 'utf8')) as Greedy;
  const { outputs, progress } = await page.evaluate(
    async ({ url, prompts }) => {
      const { client } = globalThis.glassbox;
      const progress: number[] = [];
      for await (const event of client.stream('model', 'weights', {
        source: { kind: 'url', url },
        execution_provider: 'wasm',
        stream: true,
      }))
        if (event.event === 'progress' && event.data.phase === 'download') progress.push(event.data.loaded_bytes);
      const outputs: number[][] = [];
      for (const { input_ids, output_ids } of prompts) {
        const result = (await client.post('model', 'generate', {
          input_ids,
          max_new_tokens: output_ids.length,
          temperature: 0,
          ignore_eos: true,
        })) as { choices: { token_ids: number[] }[] };
        outputs.push(result.choices[0]!.token_ids);
      }
      return { outputs, progress };
    },
    { url: `${WEIGHTS_URL}smollm2`, prompts },
  );
  expect(progress.length).toBeGreaterThan(10);
  expect(outputs).toEqual(prompts.map(({ output_ids }) => output_ids));

  await page.evaluate(() => void (location.hash = '#/playground'));
  await page.getByText('Chat', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('What is the capital of France?');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('list', { name: 'Conversation' }).getByText(/Paris/).first()).toBeVisible({ timeout: 60_000 });
});
