/** Test support: the tiny models of `fixtures/models`, with what transformers computes for them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelFolder, WeightTensor } from '../../../engine/weights.ts';
import { parseSafetensors } from '../../weights/safetensors.ts';

const FIXTURES = fileURLToPath(new URL('../../../../fixtures/models', import.meta.url));

export interface Expected {
  inputIds: number[][];
  /** [T, V] of each sequence */
  logits: Float32Array[];
  greedy: { promptIds: number[]; outputIds: number[] }[];
  /** [T, C] of the last sequence, L + 1 of them */
  hiddenStates: Float32Array[];
  /** [H, T, T] of the last sequence, L of them */
  attentions: Float32Array[];
}

interface ExpectedJson {
  input_ids: number[][];
  logits: string[];
  greedy: { prompt_ids: number[]; output_ids: number[] }[];
  hidden_states: string[];
  attentions: string[];
}

export const fixtureCases = (): string[] => readdirSync(FIXTURES).filter((name) => existsSync(join(FIXTURES, name, 'config.json')));

/** One of those that differ in nothing but how their weights are stored. */
export function fixtureModels(): string[] {
  const models = new Map<string, string>();
  for (const name of fixtureCases()) {
    const { torch_dtype: _, ...model } = configOf(name);
    const text = JSON.stringify(model);
    if (!models.has(text)) models.set(text, name);
  }
  return [...models.values()];
}

/** One of each architecture. */
export const fixtureArchitectures = (): string[] => [
  ...new Map(fixtureModels().map((name) => [configOf(name)['model_type'], name])).values(),
];
const configOf = (name: string) => readJson<Record<string, unknown>>(join(FIXTURES, name, 'config.json'));

export function readFolder(path: string): Pick<ModelFolder, 'config' | 'tensors'> {
  const tensors = new Map<string, WeightTensor>();
  for (const file of readdirSync(path).filter((name) => name.endsWith('.safetensors'))) {
    for (const [name, tensor] of parseSafetensors(new Uint8Array(readFileSync(join(path, file))), file)) tensors.set(name, tensor);
  }
  return { config: readJson<Record<string, unknown>>(join(path, 'config.json')), tensors };
}

export const fixtureFolder = (name: string): Pick<ModelFolder, 'config' | 'tensors'> => readFolder(join(FIXTURES, name));

export function fixtureExpected(name: string): Expected {
  const json = readJson<ExpectedJson>(join(FIXTURES, name, 'expected.json'));
  return {
    inputIds: json.input_ids,
    logits: json.logits.map(floats),
    greedy: json.greedy.map(({ prompt_ids, output_ids }) => ({ promptIds: prompt_ids, outputIds: output_ids })),
    hiddenStates: json.hidden_states.map(floats),
    attentions: json.attentions.map(floats),
  };
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const floats = (base64: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
