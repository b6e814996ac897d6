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
  // Tests run in Node, where Pyodide finds its files itself.
  if (typeof process !== 'undefined' && process.versions?.node !== undefined) return loadPyodide({ ...OPTIONS, packages: [] });
  const [wasm, asm, library, lock] = await Promise.all([
    import('pyodide/pyodide.asm.wasm?url'),
    import('pyodide/pyodide.asm.mjs?url'),
    import('pyodide/python_stdlib.zip?url'),
    import('pyodide/pyodide-lock.json?url'),
  ]);
  await Promise.all([wasm.default, library.default, lock.default].map(assertReached));
  const { default: createPyodideModule } = (await import(/* @vite-ignore */ absolute(asm.default))) as { default: unknown };
  const options = {
    ...OPTIONS,
    packages: [],
    createPyodideModule,
    // The loader appends the name of the file; in a query it leaves the address of the built asset as it is.
    indexURL: `${absolute(wasm.default)}?file=/`,
    stdLibURL: absolute(library.default),
    lockFileURL: absolute(lock.default),
  };
  return loadPyodide(options as Parameters<typeof loadPyodide>[0]);
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

/** @throws CodeMissingError */
export async function fetchFile(url: string): Promise<Uint8Array> {
  await assertReached(url);
  return new Uint8Array(await (await fetch(absolute(url))).arrayBuffer());
}

const absolute = (url: string): string => new URL(url, globalThis.location.href).href;
