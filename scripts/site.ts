/** Vite plugin: what stands around the app. The policy in the page, the service worker with the list of files, the API's static pages and document. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build as bundle, type Plugin, runnerImport } from 'vite';
import { apiPage, routesAt } from '../src/site/api-page.ts';
import { type Build, type BuildFile, type Keeping, type RouteSummary, VERSION_META } from '../src/site/build.ts';
import { PAGE_POLICY } from '../src/site/headers.mjs';
import { API_PREFIX } from '../src/transport/rest/app-prefix.ts';

const PAGE = 'index.html';
const SERVICE_WORKER = 'sw.js';
const DOCUMENT = `${API_PREFIX.slice(1)}/openapi.json`;
/** What the browser asks for itself, and what nobody asks for without a network. */
const NOT_KEPT = [/^sw\.js$/, /^mockServiceWorker\.js$/, /^licenses\.md$/, /\.md$/, /^api\/.*\.html$/];
/** The runtime with WebGPU is twice as large as the one without, and of no use where there is no adapter. */
const KEPT_ON_USE = /^assets\/ort-wasm-simd-threaded\.(asyncify|jsep)/;
/** Python's files: as large as all the rest. */
const KEPT_LATER = /^assets\/(pyodide|python_stdlib)/;

/** Read when it is needed: an import would be part of the configuration, and is then older than the index of built-ins that the contract names. */
async function readContract(): Promise<{ routes: readonly RouteSummary[]; document: object }> {
  const [{ module: contract }, { module: openApi }] = await Promise.all([
    runnerImport<typeof import('../src/contract/index.ts')>('./src/contract/index.ts'),
    runnerImport<typeof import('../src/contract/openapi.ts')>('./src/contract/openapi.ts'),
  ]);
  const routes = contract.routes.map(({ service, operation, path, endpoint }) => ({
    ...{ method: endpoint.method, path, operation: `${service}/${operation}`, summary: endpoint.summary },
  }));
  return { routes, document: openApi.openApiDocument() };
}

export function site(): Plugin {
  let out = 'dist';
  return {
    name: 'glassbox-site',
    configResolved: (config) => void (out = config.build.outDir),
    // The development server puts scripts of its own into the page, which the policy would refuse.
    transformIndexHtml: { order: 'post', handler: (html, { server }) => (server ? html : withHead(html, policyMeta)) },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.split('?')[0] !== `/${SERVICE_WORKER}`) return next();
        readContract()
          .then(({ routes }) => bundleServiceWorker({ version: 'development', files: [], routes }))
          .then((code) => {
            response.setHeader('content-type', 'text/javascript');
            response.end(code);
          }, next);
      });
    },
    closeBundle: {
      order: 'post',
      async handler() {
        if (!existsSync(join(out, PAGE))) return;
        const { routes, document } = await readContract();
        write(out, DOCUMENT, JSON.stringify(document));
        for (const [path, text] of apiPages(routes)) write(out, path, text);
        const page = readFileSync(join(out, PAGE), 'utf8');
        const version = sha256(JSON.stringify(buildFiles(out))).slice(0, 16);
        write(out, PAGE, withHead(page, `<meta name="${VERSION_META}" content="${version}" />`));
        write(out, SERVICE_WORKER, await bundleServiceWorker({ version, files: buildFiles(out), routes }));
      },
    },
  };
}

const policyMeta = `<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}" />`;
const withHead = (html: string, element: string): string => html.replace(/<meta charset[^>]*>/, `$&\n    ${element}`);
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

function write(out: string, path: string, text: string): void {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
}

/** In the order in which they are kept; the page comes after all that it needs. */
function buildFiles(out: string): BuildFile[] {
  const rank = ({ path, keeping }: BuildFile) => ({ first: 0, later: 2, 'on use': 3 })[keeping] + (path === PAGE ? 1 : 0);
  return filesBelow(out)
    .filter((path) => !NOT_KEPT.some((pattern) => pattern.test(path)))
    .map((path) => {
      const bytes = readFileSync(join(out, path));
      return { path, hash: sha256(bytes), bytes: bytes.byteLength, keeping: keepingOf(path) };
    })
    .toSorted((a, b) => rank(a) - rank(b) || a.bytes - b.bytes);
}

function keepingOf(path: string): Keeping {
  if (KEPT_ON_USE.test(path)) return 'on use';
  return KEPT_LATER.test(path) ? 'later' : 'first';
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));

/**
 * A host that looks for `info/index.html` shows it at `info/`, one that looks for `info.html` shows it at `info`: with each the way to the
 * site's folder is another.
 */
function apiPages(routes: readonly RouteSummary[]): Map<string, string> {
  const pages = new Map<string, string>();
  const fixed = routes.map(({ path }) => path).filter((path) => !path.includes('{'));
  for (const at of new Set(['', ...fixed])) {
    const path = API_PREFIX.slice(1) + at;
    const depth = path.split('/').length;
    const page = (root: string) => apiPage({ path, routes: routesAt(routes, path), root, why: 'nobody answers' });
    pages.set(`${path}/index.html`, page('../'.repeat(depth)));
    pages.set(`${path}.html`, page('../'.repeat(depth - 1) || './'));
  }
  return pages;
}

/** A classic script: MSW's own is one, and Firefox runs no modules there. */
async function bundleServiceWorker(build: Build): Promise<string> {
  const result = await bundle({
    ...{ configFile: false, publicDir: false, logLevel: 'error' },
    define: { GLASSBOX_BUILD: JSON.stringify(build) },
    build: {
      ...{ write: false, target: 'es2022', modulePreload: false },
      rolldownOptions: { input: 'src/service-worker/main.ts', output: { format: 'iife', entryFileNames: SERVICE_WORKER } },
    },
  });
  const [output] = [result].flat();
  if (!output || !('output' in output)) throw new Error('The service worker was not bundled.');
  return output.output[0].code;
}
