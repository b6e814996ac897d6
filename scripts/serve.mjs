/** Serves the built site as a plain static host would, optionally under a sub-path and with the headers that it wants. */
import { createServer } from 'node:http';
import sirv from 'sirv';
import { HEADERS } from '../src/site/headers.mjs';

/**
 * @param {{ port?: number, base?: string, dir?: string, headers?: boolean }} options `base` starts and ends with `/`
 * @returns {Promise<{ url: string, close: () => void, stop: () => Promise<void> }>} `stop` breaks off what is under way
 */
export function serve({ port = 0, base = '/', dir = 'dist', headers = false } = {}) {
  const files = sirv(dir, { etag: true, dev: true });
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (headers) for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!path.startsWith(base)) {
      response.writeHead(base.startsWith(path) ? 302 : 404, base.startsWith(path) ? { location: base } : { 'content-type': 'text/html' });
      response.end('<h1>Not here</h1>');
      return;
    }
    // With the slash a folder's own page is meant, and not one beside the folder, as hosts understand it.
    request.url = path.slice(base.length - 1).replace(/\/(?=$|\?)/, '/index.html');
    files(request, response, () => {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<!doctype html><h1>404</h1>');
    });
  });
  /** @returns {Promise<void>} */
  const stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve(undefined));
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      resolve({ url: `http://localhost:${actual}${base}`, close: () => server.close(), stop });
    });
  });
}
