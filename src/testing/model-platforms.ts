/** Models for tests in Node: a folder on the real runtime, or the slow reference runtime with made-up weights. */
import { readFileSync } from 'node:fs';
import type { ModelFolder } from '../engine/weights.ts';
import { createOrtRunner } from '../platform/ort/index.ts';
import { readFolder } from '../platform/ort/testing/fixture.ts';
import { TINY_CONFIG } from '../platform/reference/random-weights.ts';
import { ReferenceRunner } from '../platform/reference/reference-runner.ts';
import { loadFolder } from '../platform/weights/load-folder.ts';
import type { ModelPlatform } from '../ports/model-platform.ts';

const DEFAULT = 'public/models/default';
const json = (file: string) => JSON.parse(readFileSync(`${DEFAULT}/${file}`, 'utf8')) as Record<string, unknown>;

const described = (id: string) => ({
  ...{ id, source: `bundled:${id}`, generationConfig: null },
  ...{ tokenizerJson: json('tokenizer.json'), tokenizerConfig: json('tokenizer_config.json') },
  ...{ hash: id, fromCache: false },
});

const nothingOpaque = () => Promise.reject(new Error('There is no ready-made graph here.'));

/** Every other source is what it is in the page: read by the loader, and here refused. */
const folderOr =
  (folder: ModelFolder): ModelPlatform['loadFolder'] =>
  async ({ source }) =>
    source.kind === 'bundled' && source.id === 'default'
      ? folder
      : ((await loadFolder(source, { baseUrl: 'http://localhost:1/', store: null })) as ModelFolder);

/** A folder on the runtime's WASM, as a page without WebGPU has it. */
export function ortPlatform(
  path = DEFAULT,
  { numBlocks = 256, ...folder }: Partial<ModelFolder> & { numBlocks?: number } = {},
): ModelPlatform {
  const whole: ModelFolder = { ...described('default'), ...readFolder(path), bytes: 1, ...folder };
  return {
    threads: 1,
    providers: async () => [
      { name: 'webgpu', available: false, detail: 'There is no WebGPU in Node.' },
      { name: 'wasm', available: true, detail: '1 thread' },
    ],
    loadFolder: folderOr(whole),
    createRunner: async () => ({
      runner: await createOrtRunner({ folder: whole, provider: 'wasm', numBlocks, blockSize: 16 }),
      provider: 'wasm',
      computeDtype: 'float32',
    }),
    openRunner: createOrtRunner,
    openOpaque: nothingOpaque,
  };
}

/** The default model's vocabulary over random weights of one small layer. */
export function referencePlatform(sizes: { maxPositionEmbeddings?: number; vocabSize?: number; numBlocks?: number } = {}): ModelPlatform {
  const { numBlocks = 64, vocabSize = Number(json('config.json')['vocab_size']), maxPositionEmbeddings = 256 } = sizes;
  const config = { ...TINY_CONFIG, vocabSize, maxPositionEmbeddings };
  const folder: ModelFolder = {
    ...described('tiny'),
    ...{ source: 'bundled:default', hash: 'random', tensors: new Map(), bytes: 4 * vocabSize * config.hiddenSize },
    config: {
      ...json('config.json'),
      vocab_size: vocabSize,
      hidden_size: config.hiddenSize,
      intermediate_size: config.intermediateSize,
      num_hidden_layers: config.numLayers,
      num_attention_heads: config.numHeads,
      num_key_value_heads: config.numKvHeads,
      head_dim: config.headDim,
      max_position_embeddings: maxPositionEmbeddings,
    },
  };
  return {
    threads: 1,
    providers: async () => [{ name: 'wasm', available: true, detail: 'The reference runtime stands in for it.' }],
    loadFolder: folderOr(folder),
    createRunner: async () => ({
      runner: new ReferenceRunner({ config, numBlocks, blockSize: 16 }),
      provider: 'wasm',
      computeDtype: 'float32',
    }),
    openRunner: () => Promise.reject(new Error('The reference runtime has no fragments.')),
    openOpaque: nothingOpaque,
  };
}
