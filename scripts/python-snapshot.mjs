/**
 * Starts Python once, here, and keeps its memory: a worker that takes it over has Python in a moment, where starting it would keep the worker
 * from everything else for seconds. The package of `python/` is imported in it.
 *
 * Made in Node and taken over in any browser. What differs between them lies in two places: whether stacks can be put aside is asked once and
 * kept, so Node says yes here (nothing asks for it while Python starts); and the address of a function that each browser compiles for itself,
 * which `src/services/code/python/load-pyodide.ts` puts back.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SELF = fileURLToPath(import.meta.url);
const OUT = join(ROOT, 'src/services/code/python/generated');
const SNAPSHOT = join(OUT, 'python.snapshot');
/** Of what it was made. */
const KEY = join(OUT, 'python.snapshot.key');

/** @param {string} wheel the path of the package's wheel */
export function writeSnapshot(wheel) {
  const key = createHash('sha256');
  for (const file of [SELF, wheel, join(ROOT, 'node_modules/pyodide/package.json')]) key.update(readFileSync(file));
  const wanted = key.digest('hex');
  try {
    if (readFileSync(KEY, 'utf8') === wanted) return;
  } catch {
    // Not there yet.
  }
  mkdirSync(dirname(KEY), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [SELF, wheel], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`Python's memory could not be written: ${stderr.slice(-2000)}`);
  writeFileSync(KEY, wanted);
}

/** @param {string} wheel */
async function make(wheel) {
  Object.assign(WebAssembly, {
    // Called with `new`: what it returns is what there is.
    Suspending: function (/** @type {Function} */ call) {
      return call;
    },
    promising:
      (/** @type {Function} */ call) =>
      async (/** @type {unknown[]} */ ...args) =>
        call(...args),
  });
  const { loadPyodide } = await import('pyodide');
  // Texts have the same hashes each time, as they must: the hashes are kept in the memory.
  const options = { convertNullToNone: true, packages: [], env: { PYTHONHASHSEED: '0', HOME: '/home/pyodide' }, _makeSnapshot: true };
  const python = await loadPyodide(options);
  python.unpackArchive(new Uint8Array(readFileSync(wheel)), 'wheel');
  python.runPython('import glassbox.page, gc\ngc.collect()');
  const { _api: api } = /** @type {{ _api: { makeSnapshot(): Uint8Array } }} */ (/** @type {unknown} */ (python));
  const part = `${SNAPSHOT}.${process.pid}`;
  writeFileSync(part, gzipSync(api.makeSnapshot(), { level: 9 }));
  // In one piece: another process may be reading.
  renameSync(part, SNAPSHOT);
}

if (process.argv[1] === SELF) {
  await make(/** @type {string} */ (process.argv[2]));
  process.exit(0);
}
