/** Loads a Hugging Face layout folder from wherever it lies; nothing active is touched, so that a failure costs nothing. */
import type { ModelFolder } from '../../engine/weights.ts';
import type { BlobStore } from './blob-store.ts';
import { readTemplates } from './chat-templates.ts';
import { FetchError, WeightsError } from '../../ports/load-errors.ts';
import { parseJson } from './file-content.ts';
import type { Folder, OnBytes } from './folder.ts';
import { HttpFolder } from './http-folder.ts';
import { throttled, type WeightsProgress } from './progress.ts';
import { readChecked } from './read-checked.ts';
import { addressOf } from './source.ts';
import type { WeightsSource } from '../../ports/model-platform.ts';
import { UploadFolder } from './upload-folder.ts';
import { WeightCache } from './weight-cache.ts';
import { INDEX, readWeightFiles, SINGLE } from './weight-files.ts';

export interface LoadOptions {
  /** Of the page: bundled models lie at `models/<id>/` below it. */
  baseUrl: string | URL;
  /** Where downloads are kept; `null` where the browser has no place. */
  store: BlobStore | null;
  /** Whether to use the store for this load. */
  cache?: boolean;
  /** Only from the store, as it is there: nobody is asked, for newer files or for any. */
  keptOnly?: boolean;
  /** Bound of the store. */
  maxCacheBytes?: number;
  signal?: AbortSignal;
  onProgress?: (progress: WeightsProgress) => void;
  /** A folder without tokenizer.json is refused unless this is `optional`. */
  tokenizer?: 'required' | 'optional';
}

/** A folder with safetensors: all of it is in memory. */
export interface SafetensorsFolder extends ModelFolder {
  kind: 'safetensors';
  /** What went not quite right, such as a cache that is full. */
  warnings: readonly string[];
}

/** A folder with ONNX graphs and no safetensors: to be loaded as an opaque model. */
export interface OnnxFolder extends Omit<ModelFolder, 'tensors' | 'hash' | 'bytes' | 'fromCache'> {
  kind: 'onnx';
  warnings: readonly string[];
  /** ONNX files found, the plain one first. */
  files: readonly string[];
  /** Address that ends with a slash; `null` of uploaded files. */
  url: string | null;
  /** Any file of the folder, by way of the cache. @throws FetchError, WeightsError */
  read(file: string, onBytes?: OnBytes): Promise<Uint8Array<ArrayBuffer>>;
}

/** Names under which the hub has exported graphs, the plain one first. */
const ONNX_FILES = [
  'onnx/model.onnx',
  'model.onnx',
  ...['fp16', 'q4', 'q4f16', 'quantized', 'int8', 'uint8', 'bnb4'].map((dtype) => `onnx/model_${dtype}.onnx`),
  'onnx/decoder_model_merged.onnx',
];
const PICKLES = ['pytorch_model.bin', 'pytorch_model.bin.index.json'];
/** Keys by which tokenizer_config.json names special tokens; old folders have them in special_tokens_map.json only. */
const SPECIAL_TOKENS = ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token', 'mask_token'];

/**
 * @throws FetchError when a file does not come
 * @throws WeightsError when what came is not usable
 * @throws the signal's reason when aborted
 */
export async function loadFolder(source: WeightsSource, options: LoadOptions): Promise<SafetensorsFolder | OnnxFolder> {
  const { signal } = options;
  const report = throttled(options.onProgress);
  const folder = openFolder(source, options);
  const json = async (file: string, need: 'required' | 'optional'): Promise<Record<string, unknown> | null> => {
    const onBytes: OnBytes = (loadedBytes, totalBytes) => report({ phase: 'resolve', file, loadedBytes, totalBytes });
    return keep(await readChecked(folder, file, 'json', need, (bytes) => parseJson(bytes, file), onBytes));
  };

  report({ phase: 'resolve', file: 'config.json', loadedBytes: 0, totalBytes: null });
  const config = (await json('config.json', 'required')) ?? {};
  const tokenizerConfigRead = json('tokenizer_config.json', 'optional');
  // Of a folder elsewhere the file counts where both are there. Ours has one of them, and a file that is not there is a complaint in the console.
  const isAsked = async () => source.kind !== 'bundled' || ((await tokenizerConfigRead)?.chat_template ?? null) === null;
  const [generationConfig, tokenizerJson, plainTokenizerConfig, chatTemplate] = await Promise.all([
    json('generation_config.json', 'optional'),
    json('tokenizer.json', options.tokenizer ?? 'required'),
    tokenizerConfigRead,
    isAsked().then((asked) => (asked ? readTemplates(folder) : null)),
  ]);
  const namesTokens = plainTokenizerConfig && SPECIAL_TOKENS.some((key) => key in plainTokenizerConfig);
  const specialTokens = namesTokens ? null : await json('special_tokens_map.json', 'optional');
  const tokenizerConfig =
    plainTokenizerConfig || specialTokens || chatTemplate !== null
      ? { ...specialTokens, ...plainTokenizerConfig, ...(chatTemplate === null ? {} : { chat_template: chatTemplate }) }
      : null;
  const common = { id: folder.id, source: folder.source, config, generationConfig, tokenizerJson, tokenizerConfig };

  const weights = await readWeightFiles(folder, { signal, report });
  if (weights) return { kind: 'safetensors', ...common, ...weights, warnings: [...folder.warnings] };
  const files = await filesThere(folder, ONNX_FILES);
  if (files.length === 0) throw await noWeights(folder);
  return {
    kind: 'onnx',
    ...common,
    files,
    url: folder.url,
    warnings: [...folder.warnings],
    read: (file, onBytes) => readAny(folder, file, onBytes),
  };
}

function openFolder(source: WeightsSource, { baseUrl, store, cache, keptOnly, maxCacheBytes, signal }: LoadOptions): Folder {
  if (source.kind === 'upload') return new UploadFolder(source.files, signal);
  const address = addressOf(source, baseUrl);
  // A bundled model lies where the page does.
  const asKept = keptOnly && source.kind !== 'bundled' ? { ...address, immutable: true, keptOnly } : address;
  return new HttpFolder(asKept, store && cache !== false ? new WeightCache(store, maxCacheBytes) : null, signal);
}

/** The value of a small file, which is kept for the next time. */
async function keep<T>(checked: { value: T; found: { keep(sha256: null): Promise<void> } } | null): Promise<T | null> {
  await checked?.found.keep(null);
  return checked?.value ?? null;
}

async function filesThere(folder: Folder, files: readonly string[]): Promise<string[]> {
  const there = await Promise.all(files.map((file) => folder.has(file)));
  return files.filter((_, i) => there[i]);
}

async function readAny(folder: Folder, file: string, onBytes?: OnBytes): Promise<Uint8Array<ArrayBuffer>> {
  const found = await folder.read(file, 'binary', 'required', onBytes);
  if (!found) throw new WeightsError(file, 'is not there.');
  await found.keep(null);
  return found.bytes;
}

/** Why there are none, with what came for each name that was tried. */
async function noWeights(folder: Folder): Promise<Error> {
  const pickles = await filesThere(folder, PICKLES);
  const hint =
    pickles.length > 0 ? ` There is ${pickles[0]}, a pickle, which is never read because it can run code: convert it to safetensors.` : '';
  const tried = [SINGLE, INDEX].map((file) => {
    const error = folder.missing.get(file);
    return error instanceof FetchError || error instanceof WeightsError ? `${file}: ${error.detail}` : file;
  });
  const detail = `no weights: neither a safetensors file, nor an index of shards, nor an ONNX graph is there.${hint} ${tried.join(' ')}`;
  const first = folder.missing.get(SINGLE);
  return first instanceof FetchError
    ? new FetchError(SINGLE, first.url, first.status, first.reason, detail)
    : new WeightsError(SINGLE, detail);
}
