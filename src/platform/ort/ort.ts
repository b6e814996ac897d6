/** Loads onnxruntime-web, the build that suits the provider, with its files from this site and never from a CDN. */
import type * as Ort from 'onnxruntime-web';
import { loadCode } from '../../environment/load-code.ts';
import { messageOf } from '../../environment/thrown.ts';
import { FetchError } from '../../ports/load-errors.ts';
import type { Provider } from '../../ports/provider.ts';

export type OrtModule = typeof Ort;

const MAX_THREADS = 4;
/** A browser may lose the script of a thread, of which the runtime would then wait without end. */
const START_LIMIT_MS = 120_000;
const loaded = new Map<Provider, Promise<OrtModule>>();

/** The runtime for a provider; a second call gives the same one. */
export function loadOrt(provider: Provider): Promise<OrtModule> {
  let module = loaded.get(provider);
  if (!module) {
    module = loadCode(provider === 'wasm' ? loadWasm : loadWebGpu);
    loaded.set(provider, module);
    module.catch(() => loaded.delete(provider));
  }
  return module;
}

/** Threads need shared memory, which a page has only when it is cross-origin isolated. */
export function wasmThreads(): number {
  if (isNode()) return 1;
  return globalThis.crossOriginIsolated && canShareMemory() ? Math.min(navigator.hardwareConcurrency || 1, MAX_THREADS) : 1;
}

/** WebKit calls a worker isolated that may not share memory all the same. */
function canShareMemory(): boolean {
  try {
    new MessageChannel().port1.postMessage(new SharedArrayBuffer(1));
    return true;
  } catch {
    return false;
  }
}

async function loadWasm(): Promise<OrtModule> {
  const ort = (await import('onnxruntime-web/wasm')) as OrtModule;
  if (!isNode()) {
    const [wasm, mjs] = await Promise.all([
      import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
      import('onnxruntime-web/ort-wasm-simd-threaded.mjs?url'),
    ]);
    ort.env.wasm.wasmPaths = await reached({ wasm: wasm.default, mjs: mjs.default });
  }
  return configure(ort);
}

async function loadWebGpu(): Promise<OrtModule> {
  const ort = (await import('onnxruntime-web/webgpu')) as OrtModule;
  if (!isNode()) {
    const [wasm, mjs] = await Promise.all([
      import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
      import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
    ]);
    ort.env.wasm.wasmPaths = await reached({ wasm: wasm.default, mjs: mjs.default });
  }
  return configure(ort);
}

/**
 * The runtime never starts again after a start that failed, so its files are asked for first; the next call can try anew.
 * @throws FetchError
 */
async function reached({ wasm, mjs }: { wasm: string; mjs: string }): Promise<{ wasm: string; mjs: string }> {
  const [, script] = await Promise.all([answerOf(wasm).then(({ body }) => body?.cancel()), answerOf(mjs).then((answer) => answer.blob())]);
  // A thread asks for the script once more. When one service worker takes another's place just then, Chromium neither loads it nor fails, and
  // the runtime waits without end: threads have it from here.
  return { wasm, mjs: wasmThreads() > 1 ? URL.createObjectURL(script) : mjs };
}

async function answerOf(path: string): Promise<Response> {
  const url = new URL(path, globalThis.location.href).href;
  const response = await fetch(url).catch(() => null);
  // Where a file is gone some hosts give their front page.
  const isPage = response?.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (response?.ok && !isPage) return response;
  await response?.body?.cancel();
  throw new FetchError(
    path.replace(/^.*\//, ''),
    url,
    response?.status ?? null,
    response ? (response.ok ? 'page' : 'status') : 'no_answer',
    `${response ? `status ${response.status}${isPage ? ', a page instead of the file' : ''}` : 'no answer'}. The runtime can't start without it: load the model again, or reload the page if this site was updated meanwhile.`,
  );
}

function configure(ort: OrtModule): OrtModule {
  ort.env.wasm.numThreads = wasmThreads();
  ort.env.wasm.initTimeout = START_LIMIT_MS;
  ort.env.logLevel = 'error';
  return ort;
}

/** A session of the runtime, which starts with the first one. */
export async function createSession(
  ort: OrtModule,
  bytes: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, options);
  } catch (error) {
    if (!messageOf(error).includes('failed due to timeout')) throw error;
    throw new Error(
      `the runtime did not start within ${START_LIMIT_MS / 1000} s, and starts no more in this worker: the browser may have lost one of its threads. Restart the worker, or reload the page.`,
      { cause: error },
    );
  }
}

/** Tests run in Node, where the runtime finds its files itself. */
function isNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}
