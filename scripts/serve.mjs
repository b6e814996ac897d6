/** Serves the built site as a plain static host would: no special headers, optionally under a sub-path. */
import { createServer } from 'node:http';
import sirv from 'sirv';

/**
 * @param {{ port?: number, base?: string, dir?: string }} options `base` starts and ends with `/`
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export function serve({ port = 0, base = '/', dir = 'dist' } = {}) {
  const files = sirv(dir, { etag: true, dev: true });
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (!path.startsWith(base)) {
      response.writeHead(base.startsWith(path) ? 302 : 404, base.startsWith(path) ? { location: base } : { 'content-type': 'text/html' });
      response.end('<h1>Not here</h1>');
      return;
    }
    request.url = path.slice(base.length - 1);
    files(request, response, () => {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<!doctype html><h1>404</h1>');
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      resolve({ url: `http://localhost:${actual}${base}`, close: () => server.close() });
    });
  });
}
