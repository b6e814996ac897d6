/** The package `glassbox` as the wheel that the build made of `python/`. */
import { fetchFile } from '../python/load-pyodide.ts';

export async function packageWheel(): Promise<Uint8Array> {
  if (typeof process !== 'undefined' && process.versions?.node !== undefined) {
    const { readFile } = await import('node:fs/promises');
    return new Uint8Array(await readFile(new URL('generated/glassbox.whl', import.meta.url)));
  }
  const { default: url } = await import('./generated/glassbox.whl?url');
  return fetchFile(url);
}
