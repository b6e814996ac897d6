/** Starts the worker of this page; the benchmark speaks with it directly. */
new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
