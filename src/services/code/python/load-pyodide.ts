/** Loads Python (Pyodide) from this site when it is first used. A worker has one for patches; scripts have their own, which they may end. */
import type { PyodideAPI } from 'pyodide';
import { CodeMissingError, loadCode } from '../../../environment/load-code.ts';

let loading: Promise<PyodideAPI> | null = null;

/** A second call gives the same one; one that failed is tried again. */
export function loadPython(): Promise<PyodideAPI> {
  if (!loading) {
    loading = newPython();
    loading.catch(() => (loading = null));
  }
  return loading;
}

/** One more. */
export const newPython = (): Promise<PyodideAPI> => loadCode(load);

/** `null` in Python is `None`, and nothing is fetched from elsewhere: no package but the standard library is there. */
const OPTIONS = { convertNullToNone: true, packages: [] } as const;

async function load(): Promise<PyodideAPI> {
  const { loadPyodide } = await import('pyodide');
  const isNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
  const { createPyodideModule, memory, ...files } = await (isNode ? filesOfNode() : filesOfSite());
  const options = { ...OPTIONS, packages: [], ...files, createPyodideModule: keepingItsOwn(createPyodideModule), _loadSnapshot: memory };
  const python = await loadPyodide(options as unknown as Parameters<typeof loadPyodide>[0]);
  python.runPython(AFTER_START);
  return python;
}

/** What must not be the same in every Python. */
const AFTER_START = "import sys\nif 'random' in sys.modules: sys.modules['random'].seed()";

/** Of Pyodide's module: where what a browser compiles for itself is kept. */
interface PyodideModule {
  HEAPU32: Uint32Array;
  __PyRuntime: number;
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
}
interface Settings {
  API: { restoreSnapshot(memory: Uint8Array): unknown };
}
type Create = (settings: Settings) => Promise<PyodideModule>;

interface Files {
  createPyodideModule: Create;
  memory: Uint8Array;
  indexURL?: string;
  stdLibURL?: string;
  lockFileURL?: string;
}

/** The memory that is taken over names a function of the browser that it was made in; this one's is put in its place. */
const keepingItsOwn =
  (create: Create): Create =>
  async (settings) => {
    const module = await create(settings);
    const { __PyRuntime: runtime, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: offset } = module;
    const at = (runtime + module.HEAPU32[offset >>> 2]!) >>> 2;
    const own = module.HEAPU32[at]!;
    const { API } = settings;
    const restore = API.restoreSnapshot.bind(API);
    API.restoreSnapshot = (memory) => {
      const restored = restore(memory);
      module.HEAPU32[at] = own;
      return restored;
    };
    return module;
  };

/** Tests run in Node, where Pyodide finds its files itself, and the memory lies beside this file, whether that was bundled or not. */
async function filesOfNode(): Promise<Files> {
  // Not by `import`: a bundler for browsers would leave nothing of it.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { createRequire } = process.getBuiltinModule('node:module');
  const root = createRequire(import.meta.url)
    .resolve('pyodide')
    .replace(/node_modules.*/, '');
  const asm = 'pyodide/pyodide.asm.mjs';
  const { default: createPyodideModule } = (await import(/* @vite-ignore */ asm)) as { default: Create };
  const packed = readFileSync(`${root}src/services/code/python/generated/python.snapshot`);
  return { createPyodideModule, memory: await unpacked(new Response(new Uint8Array(packed))) };
}

async function filesOfSite(): Promise<Files> {
  const [wasm, asm, library, lock, snapshot] = await Promise.all([
    import('pyodide/pyodide.asm.wasm?url'),
    import('pyodide/pyodide.asm.mjs?url'),
    import('pyodide/python_stdlib.zip?url'),
    import('pyodide/pyodide-lock.json?url'),
    import('./generated/python.snapshot?url'),
  ]);
  await Promise.all([wasm.default, library.default, lock.default, snapshot.default].map(assertReached));
  const { default: createPyodideModule } = (await import(/* @vite-ignore */ absolute(asm.default))) as { default: Create };
  return {
    createPyodideModule,
    // The loader appends the name of the file; in a query it leaves the address of the built asset as it is.
    indexURL: `${absolute(wasm.default)}?file=/`,
    stdLibURL: absolute(library.default),
    lockFileURL: absolute(lock.default),
    memory: await unpacked(await fetch(absolute(snapshot.default))),
  };
}

async function unpacked(packed: Response): Promise<Uint8Array> {
  return new Uint8Array(await new Response(packed.body!.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

/** Pyodide waits for ever for a file that doesn't come, so each is asked for before; it is taken from the browser's cache then. */
async function assertReached(url: string): Promise<void> {
  const response = await fetch(absolute(url)).catch(() => null);
  await response?.body?.cancel();
  // Where a file is gone some hosts give their front page.
  const isPage = response?.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (response?.ok && !isPage) return;
  const name = url.replace(/^.*\//, '').replace(/[?#].*$/, '');
  const came = response ? (response.ok ? 'a page came instead' : `status ${response.status}`) : 'no answer';
  throw new CodeMissingError(
    `Python's file ${name} did not come (${came}). Try again when this site answers, or reload the page if it was updated meanwhile.`,
    false,
  );
}

const absolute = (url: string): string => new URL(url, globalThis.location.href).href;
