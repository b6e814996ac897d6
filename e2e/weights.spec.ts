/** Swapping weights in the browser: from a URL and the hub's paths, on WASM and WebGPU; and everything that can be wrong with a folder. */
import { readFileSync } from 'node:fs';
import { WEIGHTS_URL } from './server.ts';
import { expect, test } from './support.ts';

interface Expected {
  greedy: { prompt_ids: number[]; output_ids: number[] }[];
}
const expectedOf = (name: string) => JSON.parse(readFileSync(`fixtures/models/${name}/expected.json`, 'utf8')) as Expected;

for (const provider of ['wasm', 'webgpu'] as const) {
  test(`a folder at a URL on ${provider} gives the greedy ids of transformers, on both transports, streamed and not`, async ({ app }) => {
    await app.open();
    const { greedy } = expectedOf('llama-gqa-tied');
    const outputs = await app.page.evaluate(
      async ({ url, execution_provider, prompts }) => {
        const { client } = globalThis.glassbox;
        const phases = new Set<string>();
        for await (const event of client.stream('model', 'weights', { source: { kind: 'url', url }, execution_provider, stream: true }))
          if (event.event === 'progress') phases.add(event.data.phase);
        const out: number[][][] = [];
        for (const restful of [true, false]) {
          client.enableRestfulMode(restful);
          for (const input_ids of prompts) {
            const input = { input_ids, max_new_tokens: 32, temperature: 0, ignore_eos: true };
            const whole = (await client.post('model', 'generate', input)) as { choices: { token_ids: number[] }[] };
            const streamed: number[] = [];
            for await (const event of client.stream('model', 'generate', input))
              if (event.event === 'token') streamed.push(event.data.token_id);
            out.push([whole.choices[0]!.token_ids, streamed]);
          }
        }
        const { weights } = await client.get('model', 'weights');
        return { out, provider: weights!.execution_provider, phases: [...phases] };
      },
      { url: `${WEIGHTS_URL}llama-gqa-tied`, execution_provider: provider, prompts: greedy.map(({ prompt_ids }) => prompt_ids) },
    );
    expect(outputs.provider).toBe(provider);
    expect(outputs.phases).toEqual(expect.arrayContaining(['download', 'build', 'swap']));
    outputs.out.forEach((pair, i) => {
      for (const ids of pair) expect(ids).toEqual(greedy[i % greedy.length]!.output_ids);
    });
  });
}

test("the hub's paths, sharded weights", async ({ app }) => {
  await app.open();
  const weights = await app.page.evaluate(
    (endpoint) =>
      globalThis.glassbox.client.put('model', 'weights', {
        source: { kind: 'hub', repo: 'someone/llama-sharded', endpoint },
        execution_provider: 'wasm',
      }) as Promise<{ source: string; model_id: string }>,
    WEIGHTS_URL.slice(0, -1),
  );
  expect(weights.model_id).toContain('llama-sharded');
  app.complaints.splice(0);
});

const BAD: [folder: string, code: string, detail: RegExp][] = [
  ['broken/missing-weights', 'upstream_failed', /model\.safetensors/],
  ['broken/html-weights', 'weights_invalid|upstream_failed', /HTML|html/],
  ['broken/truncated', 'weights_invalid', /model\.safetensors/],
  ['broken/lying-header', 'weights_invalid', /model\.safetensors/],
  ['broken/overlapping-tensors', 'weights_invalid', /model\.safetensors/],
  ['broken/unknown-dtype', 'weights_invalid', /F7/],
  ['broken/header-no-json', 'weights_invalid', /model\.safetensors/],
  ['broken/header-beyond-the-file', 'weights_invalid', /model\.safetensors/],
  ['broken/header-of-exabytes', 'weights_invalid', /model\.safetensors/],
  ['broken/corrupt-tokenizer', 'tokenizer_invalid', /tokenizer/],
  ['broken/wrong-shape', 'weights_invalid', /mlp/],
  ['broken/not-json', 'weights_invalid', /config\.json/],
  ['no-such-folder', 'upstream_failed', /config\.json/],
];

test('whatever is wrong with a folder is named, and the loaded model goes on serving', async ({ app }) => {
  await app.open();
  for (const restful of [true, false]) {
    const results = await app.page.evaluate(
      async ({ on, urls }) => {
        const { client } = globalThis.glassbox;
        client.enableRestfulMode(on);
        const before = (await client.get('model', 'weights')).weights!.weights_hash;
        const problems = [];
        for (const url of urls) {
          const exchange = await client.send('model', 'swapWeights', { source: { kind: 'url', url }, execution_provider: 'wasm' });
          problems.push(exchange.problem ?? { code: 'none', detail: JSON.stringify(exchange.data) });
        }
        const text = (await client.post('model', 'generate', { prompt: 'Once', max_new_tokens: 4, temperature: 0 })) as {
          choices: { token_ids: number[] }[];
        };
        return {
          problems,
          before,
          after: (await client.get('model', 'weights')).weights!.weights_hash,
          tokens: text.choices[0]!.token_ids.length,
        };
      },
      { on: restful, urls: BAD.map(([folder]) => WEIGHTS_URL + folder) },
    );
    BAD.forEach(([folder, code, detail], i) => {
      expect.soft(results.problems[i]!.code, folder).toMatch(new RegExp(`^(${code})$`));
      expect.soft(results.problems[i]!.detail, folder).toMatch(detail);
    });
    expect(results.after).toBe(results.before);
    expect(results.tokens).toBeGreaterThan(0);
  }
  app.complaints.splice(0);
});

test('a ready-made ONNX model serves as an opaque one, with nothing to look into', async ({ app }) => {
  await app.open();
  const { greedy } = expectedOf('llama-gqa-tied');
  const { weights, outputs, capture } = await app.page.evaluate(
    async ({ url, prompts }) => {
      const { client } = globalThis.glassbox;
      const loaded = await client.put('model', 'weights', { source: { kind: 'url', url }, execution_provider: 'wasm' });
      const results = await Promise.all(
        prompts.map((input_ids) => client.post('model', 'generate', { input_ids, max_new_tokens: 32, temperature: 0, ignore_eos: true })),
      );
      const refused = await client.send('model', 'forward', { input_ids: [1], capture: ['attentions.0'] }, { mode: 'direct' });
      return {
        weights: loaded as { format: string },
        outputs: results.map((result) => (result as { choices: { token_ids: number[] }[] }).choices[0]!.token_ids),
        capture: refused.problem?.detail,
      };
    },
    { url: `${WEIGHTS_URL}opaque/llama-gqa-tied`, prompts: greedy.map(({ prompt_ids }) => prompt_ids) },
  );
  expect(weights.format).toBe('onnx');
  expect(outputs).toEqual(greedy.map(({ output_ids }) => output_ids));
  expect(capture).toContain('opaque');
  // The browser notes each file that is asked for and not there.
  app.complaints.splice(0);
});

test('uploaded files load, as a form over REST and as Blobs in direct mode, and give the greedy ids of transformers', async ({ app }) => {
  await app.open();
  const { greedy } = expectedOf('qwen2-tied');
  for (const restful of [true, false]) {
    const { weights, outputs } = await app.page.evaluate(
      async ({ on, base, prompts }) => {
        const { client } = globalThis.glassbox;
        client.enableRestfulMode(on);
        const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
        const files = await Promise.all(names.map(async (path) => ({ path, data: await (await fetch(base + path)).blob() })));
        const loaded = await client.put('model', 'weights', { source: { kind: 'upload', files }, execution_provider: 'wasm' });
        const results = await Promise.all(
          prompts.map((input_ids) => client.post('model', 'generate', { input_ids, max_new_tokens: 32, temperature: 0, ignore_eos: true })),
        );
        return { weights: loaded, outputs: results.map(({ choices }) => choices[0]!.token_ids) };
      },
      { on: restful, base: `${WEIGHTS_URL}qwen2-tied/`, prompts: greedy.map(({ prompt_ids }) => prompt_ids) },
    );
    expect(weights.source).toBe('upload');
    expect(outputs).toEqual(greedy.map(({ output_ids }) => output_ids));
  }
});
