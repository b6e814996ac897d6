/** The bench's own pages, built by Vite and served isolated, with folders of models beside them: what the product is measured against. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { build } from 'vite';
import { modelFolders } from './models.ts';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const PAGES = ['bare', 'transformers', 'runtime'];

/** The site gets isolation from its service worker; these pages get it from headers. Models are fetched by the site too, from its own origin. */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'credentialless',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
};

export async function servePages(): Promise<{ url: string; close(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'glassbox-bench-'));
  await buildPages(dir);
  const pages = sirv(dir, { etag: true, dev: true });
  const models = Object.entries(modelFolders()).map(([name, folder]) => ({
    prefix: `/models/${name}/`,
    files: sirv(folder, { etag: true, dev: true }),
  }));
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const missing = () => void response.writeHead(404).end();
    const model = models.find(({ prefix }) => request.url?.startsWith(prefix));
    if (!model) return pages(request, response, missing);
    request.url = request.url!.slice(model.prefix.length - 1);
    model.files(request, response, missing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' && address ? address.port : 0}/`,
    close() {
      server.close();
      rmSync(dir, { recursive: true });
    },
  };
}

async function buildPages(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    base: './',
    publicDir: false,
    // The runtime's .wasm as a file of its own, as in the product's build.
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
    worker: { format: 'es' },
    build: {
      outDir,
      target: 'es2023',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 8000,
      rollupOptions: { input: PAGES.map((page) => join(ROOT, page, 'index.html')) },
    },
  });
  copyFileSync('public/mockServiceWorker.js', join(outDir, 'bare/mockServiceWorker.js'));
}
