/** Folders and shortcuts that the loader's tests share. */
import { createHash } from 'node:crypto';
import type { WeightTensor } from '../../../engine/weights.ts';
import { FetchError, WeightsError } from '../../../ports/load-errors.ts';
import { loadFolder, type LoadOptions, type SafetensorsFolder } from '../load-folder.ts';
import type { WeightsSource } from '../../../ports/model-platform.ts';
import { type Files, TestServer } from './server.ts';
import { writeSafetensors } from './write-safetensors.ts';

export const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const f32 = (...values: number[]): WeightTensor => ({
  dtype: 'F32',
  shape: [values.length],
  bytes: new Uint8Array(new Float32Array(values).buffer),
});

export const WEIGHTS = writeSafetensors([
  ['a', f32(1, 2, 3)],
  ['b', f32(...Array.from({ length: 20_000 }, (_, i) => i))],
]);
export const GOOD: Files = {
  'm/config.json': '{"model_type":"llama"}',
  'm/tokenizer.json': '{"version":"1.0"}',
  'm/tokenizer_config.json': '{"eos_token":"</s>"}',
  'm/generation_config.json': '{"eos_token_id":2}',
  'm/model.safetensors': WEIGHTS,
};
export const SHARD_1 = writeSafetensors([['a', f32(1)]]);
export const SHARD_2 = writeSafetensors([['b', f32(2, 3)]]);
export const SHARDED: Files = {
  'm/config.json': '{}',
  'm/tokenizer.json': '{}',
  'm/model.safetensors.index.json': JSON.stringify({
    weight_map: { b: 'model-00002-of-00002.safetensors', a: 'model-00001-of-00002.safetensors' },
  }),
  'm/model-00001-of-00002.safetensors': SHARD_1,
  'm/model-00002-of-00002.safetensors': SHARD_2,
};

let server: TestServer | null = null;

export async function serve(files: Files): Promise<TestServer> {
  server = await TestServer.start({ ...files });
  return server;
}

/** After each test. */
export async function stopServing(): Promise<void> {
  await server?.stop();
  server = null;
}

/** A folder of the server of this test. */
export const at = (path = 'm/'): WeightsSource => ({ kind: 'url', url: `${server?.url}${path}` });

const defaults = (): LoadOptions => ({ baseUrl: server?.url ?? 'http://127.0.0.1:1/', store: null });

export async function load(source: WeightsSource, options: Partial<LoadOptions> = {}): Promise<SafetensorsFolder> {
  const folder = await loadFolder(source, { ...defaults(), ...options });
  if (folder.kind !== 'safetensors') throw new Error(`is ${folder.kind}`);
  return folder;
}

export async function failure(source: WeightsSource, options: Partial<LoadOptions> = {}): Promise<FetchError | WeightsError> {
  try {
    await loadFolder(source, { ...defaults(), ...options });
  } catch (error) {
    if (error instanceof FetchError || error instanceof WeightsError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
