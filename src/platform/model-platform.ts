/** Loading and running models, as the model service asks for it: sources, cache, providers and the size of the KV pool. */
import { parseConfig } from '../engine/graph/index.ts';
import type { ModelFolder } from '../engine/weights.ts';
import type { LoadProgress, ModelPlatform } from '../ports/model-platform.ts';
import type { ComputeDtype, Provider } from '../ports/provider.ts';
import { createOnnxRunner } from './onnx/onnx-runner.ts';
import { createOrtRunner, loadOrt, wasmThreads } from './ort/index.ts';
import { chooseProvider, webGpuStatus } from './providers.ts';
import { loadFolder, type OnnxFolder } from './weights/load-folder.ts';
import { combineHashes, sha256 } from '../environment/sha256.ts';
import { openOpfsStore } from './weights/opfs-store.ts';

/** Tokens per KV block. */
const BLOCK_SIZE = 16;
/** Sequences of full length that the pool holds, where that fits the budget. */
const POOL_SEQUENCES = 16;
const POOL_BYTES: Record<Provider, number> = { wasm: 256 * 2 ** 20, webgpu: 512 * 2 ** 20 };

/** @param base absolute URL of the site's folder, where `models/<id>/` lie */
export function createModelPlatform(base: string): ModelPlatform {
  // A string says why the browser has no private file system; downloads are not kept then.
  const store = openOpfsStore().then((opened) => (typeof opened === 'string' ? null : opened));
  return {
    threads: wasmThreads(),

    async providers() {
      const { name, available, detail } = await webGpuStatus();
      const threads = wasmThreads();
      return [
        { name, available, detail },
        { name: 'wasm', available: true, detail: `${threads} thread${threads === 1 ? '' : 's'}` },
      ];
    },

    async loadFolder(request, { signal, onProgress }) {
      // The runtime's wasm comes while the weights do; what fails here is told when the runner is made.
      void chooseProvider(request.execution_provider)
        .then(loadOrt)
        .catch(() => {});
      const folder = await loadFolder(request.source, {
        baseUrl: base,
        store: await store,
        signal,
        onProgress: ({ phase, file, loadedBytes, totalBytes }) =>
          onProgress({ phase, file, loaded_bytes: loadedBytes, total_bytes: totalBytes }),
        cache: request.cache,
        keptOnly: request.keptOnly ?? false,
      });
      return folder.kind === 'onnx' ? readOpaque(folder, signal, onProgress) : folder;
    },

    async createRunner(folder, request) {
      const provider = await chooseProvider(request.execution_provider);
      if (folder.graph) {
        const runner = await createOnnxRunner({
          graph: folder.graph,
          config: folder.config,
          provider,
          blockSize: BLOCK_SIZE,
          numBlocks: (bytes, context) => fittingBlocks(bytes, context, provider),
        });
        return { runner, provider, computeDtype: 'float32' };
      }
      const computeDtype = await chooseDtype(request.compute_dtype, provider);
      const runner = await createOrtRunner({
        folder,
        provider,
        computeDtype,
        numBlocks: poolBlocks(folder, provider, computeDtype),
        blockSize: BLOCK_SIZE,
      });
      return { runner, provider, computeDtype };
    },

    openRunner: createOrtRunner,
    openOpaque: ({ numBlocks, ...request }) => createOnnxRunner({ ...request, numBlocks: () => numBlocks }),
  };
}

async function chooseDtype(wanted: ComputeDtype | 'auto', provider: Provider): Promise<ComputeDtype> {
  if (wanted !== 'auto') return wanted;
  return provider === 'webgpu' && (await webGpuStatus()).hasF16 ? 'float16' : 'float32';
}

/** Bytes of the ONNX file and of the weights beside it, hashed as one. */
async function readOpaque(folder: OnnxFolder, signal: AbortSignal, onProgress: (progress: LoadProgress) => void): Promise<ModelFolder> {
  const file = folder.files[0]!;
  const read = (name: string) =>
    folder.read(name, (loaded, total) => onProgress({ phase: 'download', file: name, loaded_bytes: loaded, total_bytes: total }));
  const bytes = await read(file);
  // A graph that names weights beside it does so by this file name.
  const dataName = `${file.split('/').at(-1)}_data`;
  const data = new TextDecoder('latin1').decode(bytes).includes(dataName) ? await read(`${file}_data`) : null;
  const hash = combineHashes([await sha256(bytes, signal), ...(data ? [await sha256(data, signal)] : [])]);
  const { config, generationConfig, tokenizerJson, tokenizerConfig, id, source } = folder;
  return {
    ...{ id, source, config, generationConfig, tokenizerJson, tokenizerConfig, hash },
    tensors: new Map(),
    bytes: bytes.byteLength + (data?.byteLength ?? 0),
    fromCache: false,
    graph: { file, bytes, externalData: data && { path: dataName, data } },
  };
}

function poolBlocks(folder: ModelFolder, provider: Provider, computeDtype: ComputeDtype): number {
  const { numLayers, numKvHeads, headDim, maxPositionEmbeddings } = parseConfig(folder.config);
  return fittingBlocks(
    2 * numLayers * numKvHeads * BLOCK_SIZE * headDim * (computeDtype === 'float32' ? 4 : 2),
    maxPositionEmbeddings,
    provider,
  );
}

/** Blocks for sixteen full contexts, or as many as the budget holds. */
function fittingBlocks(blockBytes: number, maxPositionEmbeddings: number, provider: Provider): number {
  const wanted = Math.ceil((POOL_SEQUENCES * maxPositionEmbeddings) / BLOCK_SIZE);
  return Math.max(1, Math.min(wanted, Math.floor(POOL_BYTES[provider] / blockBytes)));
}
