import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { builtIns } from './scripts/built-ins.mjs';
import { licences } from './scripts/licenses.mjs';
import { pythonPackage } from './scripts/python-wheel.mjs';
import { site } from './scripts/site.ts';

const { page, worker } = licences();

// A relative base: the built site works under any sub-path of a static host.
export default defineConfig({
  base: './',
  assetsInclude: ['**/*.snapshot'],
  plugins: [builtIns(), pythonPackage(), react(), page, site()],
  resolve: {
    alias: { 'tough-cookie': fileURLToPath(new URL('src/transport/rest/no-cookies.ts', import.meta.url)) },
    // The build of the runtime whose .wasm is a file of its own, not the one with addresses baked in.
    conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
  },
  worker: {
    format: 'es',
    plugins: () => [worker()],
    // Beside the entry: WebKit runs that once more for a part loaded later that imports from it.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'workbench', test: /\/src\/(?!worker\.ts$|.*(candidate-worker|python-module)\.ts$)/ }] },
      },
    },
  },
  build: { target: 'es2023', chunkSizeWarningLimit: 8000, reportCompressedSize: false },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
});
