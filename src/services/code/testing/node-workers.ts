/** Test support: the disposable worker as a thread of Node, from the same entry, so that loops, throws and wild allocations are real. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'vite';
import { afterAll } from 'vitest';
import type { CandidateWorker } from '../check/candidate-checker.ts';
import type { CheckMessage } from '../check/protocol.ts';

/** Below it, so that what is not bundled is found. */
const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** What a worker of the browser has in its global scope: its first message brings the port, which here is the parent's own. */
const PRELUDE = `import { parentPort } from 'node:worker_threads';
const parent = {
  postMessage: (message) => parentPort.postMessage(message),
  addEventListener: (type, listener) => parentPort.on(type, (data) => listener({ data })),
  start() {},
};
globalThis.addEventListener = (type, listener) => queueMicrotask(() => listener({ ports: [parent] }));
`;

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Bundles the entry once; gives what makes workers of it. */
export async function nodeWorkers(): Promise<() => CandidateWorker> {
  const outDir = mkdtempSync(join(MODULES, '.glassbox-check-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      lib: {
        entry: fileURLToPath(new URL('../check/candidate-worker.ts', import.meta.url)),
        formats: ['es'],
        fileName: () => 'worker.mjs',
      },
      rolldownOptions: { output: { codeSplitting: false, banner: PRELUDE }, external: ['node:worker_threads', 'pyodide', /^pyodide\//] },
    },
  });
  made.push(outDir);
  return () => {
    const worker = new Worker(join(outDir, 'worker.mjs'), { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    return {
      postMessage: (request) => worker.postMessage(request),
      onMessage: (listener) => void worker.on('message', (message: CheckMessage) => listener(message)),
      onError: (listener) => void worker.on('error', (error) => listener(error.message)),
      terminate: () => void worker.terminate(),
    };
  };
}
