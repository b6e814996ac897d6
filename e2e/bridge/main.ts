/** The API of a built site behind a real port: each HTTP request is made by `fetch` in a page of Chromium. For tools that know no pages, such as Schemathesis. */
import { createServer, type IncomingMessage } from 'node:http';
import { chromium, type Page } from 'playwright';
import { chromiumArguments } from '../../scripts/browser.mjs';
import { serve } from '../../scripts/serve.mjs';
import { builtSite } from '../bench/built-site.ts';

interface Carried {
  status: number;
  headers: [string, string][];
  /** Base64. */
  body: string;
}

const PORT = Number(process.env['BRIDGE_PORT'] ?? 8010);
/** Asks callers for a token with this scope, and says one: `BRIDGE_SCOPE=admin`. */
const SCOPE = process.env['BRIDGE_SCOPE'];

async function openPage(site: string): Promise<Page> {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH']!, args: chromiumArguments });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.warn(`The page threw: ${error.message}`));
  await page.goto(site);
  await page.waitForFunction(() => 'glassbox' in globalThis);
  await page.evaluate(() => globalThis.glassbox.ready);
  return page;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('base64');
}

/** Runs in the page. */
async function send({
  url,
  method,
  headers,
  body,
}: {
  url: string;
  method: string;
  headers: [string, string][];
  body: string;
}): Promise<Carried> {
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  const takesBody = method !== 'GET' && method !== 'HEAD';
  const response = await fetch(url, { method, headers, ...(takesBody && { body: bytes }) });
  const answer = new Uint8Array(await response.arrayBuffer());
  let text = '';
  for (let i = 0; i < answer.length; i += 0x8000) text += String.fromCharCode(...answer.subarray(i, i + 0x8000));
  return { status: response.status, headers: [...response.headers], body: btoa(text) };
}

/** Those that belong to one connection, or that a page may not set. */
const NOT_CARRIED =
  /^(host|connection|content-length|transfer-encoding|accept-encoding|user-agent|origin|referer|cookie|content-encoding)$/;

/** Made by a page of another origin: it may have a name of its own for this address, and sends no word of its own where it need not. */
function isForeign({ headers }: IncomingMessage): boolean {
  const own = [`127.0.0.1:${PORT}`, `localhost:${PORT}`];
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  return (
    !own.includes(host ?? '') ||
    (origin !== undefined && !own.some((each) => origin === `http://${each}`)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  );
}

/** Runs in the page. */
async function requireToken(scope: string): Promise<string> {
  const { client } = globalThis.glassbox;
  const { token } = await client.via('direct').post('auth', 'tokens', { name: 'Bridge', scopes: [scope as 'read'] });
  client.access.require(true);
  return token;
}

/** Ends with its browser, which Playwright closes on a signal. */
export async function main([dist]: readonly string[]): Promise<number> {
  const { url: site } = await serve({ dir: builtSite(dist) });
  const page = await openPage(site);
  if (SCOPE) console.info(`Authorization: Bearer ${await page.evaluate(requireToken, SCOPE)}`);
  const closed = new Promise<number>((resolve) =>
    page
      .context()
      .browser()!
      .once('disconnected', () => resolve(1)),
  );
  const server = createServer((request, response) => {
    if (isForeign(request)) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end('This port is for tools, and for no page of another origin.');
      return;
    }
    // A page may not send it.
    if (request.method === 'TRACE') {
      response.writeHead(405, { allow: 'GET, POST, PUT, DELETE' }).end();
      return;
    }
    void (async () => {
      const headers = Object.entries(request.headers)
        .filter(([name, value]) => typeof value === 'string' && !NOT_CARRIED.test(name))
        .map(([name, value]): [string, string] => [name, value as string]);
      const url = new URL((request.url ?? '/').replace(/^\/+/, ''), site).href;
      const answer = await page.evaluate(send, { url, method: request.method ?? 'GET', headers, body: await bodyOf(request) });
      for (const [name, value] of answer.headers) if (!NOT_CARRIED.test(name)) response.setHeader(name, value);
      response.writeHead(answer.status).end(Buffer.from(answer.body, 'base64'));
    })().catch((error: unknown) => {
      console.warn(`${request.method} ${request.url}: ${String(error)}`);
      response.writeHead(599).end(String(error));
    });
  });
  server.listen(PORT, '127.0.0.1', () => console.info(`http://127.0.0.1:${PORT}/api answers by the page at ${site}`));
  return closed;
}
