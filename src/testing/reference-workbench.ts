/** All services over the slow reference runtime with the default model's tokenizer: what tests in Node run against. */
import { readFileSync } from 'node:fs';
import { Client } from '../client/client.ts';
import { rolesOf } from '../client/roles.ts';
import { lru } from '../patchable/memory/index.ts';
import sample from '../patchable/sampler/default.ts';
import { fcfs } from '../patchable/scheduler/index.ts';
import { TINY_CONFIG } from '../platform/reference/random-weights.ts';
import { ReferenceRunner } from '../platform/reference/reference-runner.ts';
import type { ModelFolder } from '../engine/weights.ts';
import { loadFolder } from '../platform/weights/load-folder.ts';
import { CodeService } from '../services/code/index.ts';
import { ScriptRunner } from '../services/code/script-runner.ts';
import { stoppable } from '../services/code/stoppable.ts';
import { EngineHost } from '../services/engine-host.ts';
import { operationsOf } from '../services/index.ts';
import { MemoryService } from '../services/memory/index.ts';
import { ModelService } from '../services/model/index.ts';
import type { ModelPlatform } from '../ports/model-platform.ts';
import { SchedulerService } from '../services/scheduler/index.ts';
import { TokenizerService } from '../services/tokenizer/index.ts';
import { dispatch, newContext, type Operations } from '../transport/dispatch.ts';
import { localTransport } from '../transport/local.ts';
import { createRestApp } from '../transport/rest/app.ts';
import { FetchClient } from '../transport/rest/fetch-client.ts';

const json = (file: string) => JSON.parse(readFileSync(`public/models/default/${file}`, 'utf8')) as Record<string, unknown>;
/** The default model's vocabulary over random weights of one small layer. */
const CONFIG = { ...TINY_CONFIG, vocabSize: Number(json('config.json')['vocab_size']), maxPositionEmbeddings: 256 };

const platform: ModelPlatform = {
  threads: 1,
  providers: async () => [{ name: 'wasm', available: true, detail: 'The reference runtime stands in for it.' }],
  loadFolder: async ({ source }) => {
    // Every other source is what it is in the page: read by the loader, and here refused.
    if (source.kind !== 'bundled' || source.id !== 'default')
      return (await loadFolder(source, { baseUrl: 'http://localhost:1/', store: null })) as ModelFolder;
    const { vocabSize, hiddenSize, intermediateSize, numLayers, numHeads, numKvHeads, headDim, maxPositionEmbeddings } = CONFIG;
    const config = {
      ...json('config.json'),
      vocab_size: vocabSize,
      hidden_size: hiddenSize,
      intermediate_size: intermediateSize,
      num_hidden_layers: numLayers,
      num_attention_heads: numHeads,
      num_key_value_heads: numKvHeads,
      head_dim: headDim,
      max_position_embeddings: maxPositionEmbeddings,
    };
    return {
      id: 'tiny',
      source: 'bundled:default',
      config,
      generationConfig: null,
      tokenizerJson: json('tokenizer.json'),
      tokenizerConfig: json('tokenizer_config.json'),
      tensors: new Map(),
      hash: 'random',
      bytes: 4 * vocabSize * hiddenSize,
      fromCache: false,
    };
  },
  createRunner: async () => ({
    runner: new ReferenceRunner({ config: CONFIG, numBlocks: 64, blockSize: 16 }),
    provider: 'wasm',
    computeDtype: 'float32',
  }),
  openRunner: () => Promise.reject(new Error('No other runner is opened here.')),
  openOpaque: () => Promise.reject(new Error('No other runner is opened here.')),
};

export const host = new EngineHost(() => ({ policy: fcfs, eviction: lru, sample }));
export const tokenizer = new TokenizerService();
export const model = new ModelService(platform, host, tokenizer);
const memory = new MemoryService(host, {
  poolMedium: () => 'wasm_memory',
  openDiskStore: () => Promise.reject(new Error('There is no private file system here.')),
});
const scheduler = new SchedulerService(host, tokenizer);
export const scripts = new ScriptRunner((signal) => {
  const direct = stoppable(localTransport(operations), signal);
  const app = createRestApp(operations);
  const restful = stoppable(new FetchClient(async (make) => app.fetch(make()), 'http://glassbox/api'), signal);
  const client = new Client({ direct, restful });
  client.enableRestfulMode(false);
  return { client, ...rolesOf(client), services: { tokenizer, model, memory, scheduler } };
});
const code = new CodeService(scripts);
export const operations: Operations = operationsOf({ tokenizer, model, memory, scheduler, code }, (route, input) =>
  dispatch(operations, route, input, newContext('direct', 'example')),
);

/** Makes the tiny model active. */
export async function loadTinyModel(): Promise<void> {
  await model.swapWeights(
    { source: { kind: 'bundled', id: 'default' }, execution_provider: 'auto', compute_dtype: 'auto', cache: false, stream: false },
    newContext('direct', 'start'),
  );
}
