/**
 * The one service worker of the site, since two can't share a scope: MSW for the API, the headers that a static host does not send (so
 * that WebAssembly threads work from the second load on), and the site's own files for a visit without a network.
 */
import { API_PREFIX } from '../transport/rest/app-prefix.ts';
import type { Build } from '../site/build.ts';
import { HEADERS } from '../site/headers.mjs';
import { type Answers, CLAIM, isAsked } from '../site/messages.ts';
import { answerApi, isMswsOwn, workIsDone } from './api.ts';
import { isPage, OwnFiles } from './own-files.ts';
import { base, type FetchEvent, pathOf, scope, type WindowClient } from './scope.ts';

interface MswMessage {
  type: string;
  payload?: { response?: object };
}

declare global {
  /** Of mockServiceWorker.js, a classic script. */
  var sendToClient: (client: WindowClient, message: MswMessage, transfer?: Transferable[]) => Promise<unknown>;
}

/** Put in by the build. */
declare const GLASSBOX_BUILD: Build;
const build = GLASSBOX_BUILD;
const files = new OwnFiles(build);

/** A browser ends an event that lasts: the page asks again for what is left. */
const FILL_MS = 20_000;

scope.addEventListener('install', (event) => {
  // MSW would take over at once, and cut the streams that pass through the one before.
  event.stopImmediatePropagation();
  event.waitUntil(workIsDone().then(() => scope.skipWaiting()));
});

scope.addEventListener('message', (event) => {
  // MSW would unregister the service worker with the last tab; the next visit would start without isolation, and offline not at all.
  if (event.data === 'CLIENT_CLOSED') event.stopImmediatePropagation();
  if (event.data === CLAIM) event.waitUntil(scope.clients.claim());
  if (!isAsked(event.data) || event.data.glassbox !== 'keep') return;
  const [port] = event.ports;
  event.waitUntil(
    files
      .fill(Date.now() + FILL_MS)
      .catch((error: unknown) => ({ left: build.files.length, why: String(error) }))
      .then((answer: Answers['keep']) => port?.postMessage(answer)),
  );
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (isApi(url) && isMswsOwn(event)) return;
  event.stopImmediatePropagation();
  // A request that only the cache may answer can't be made again from here.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  if (url.origin === base.origin) event.respondWith(respond(event, url).then(withHeaders));
});

function respond(event: FetchEvent, url: URL): Promise<Response> {
  const { request } = event;
  if (isApi(url)) return answerApi(event, build, files);
  if (!url.pathname.startsWith(base.pathname) || (request.method !== 'GET' && request.method !== 'HEAD')) return fetch(request);
  const path = pathOf(request.url);
  if (request.mode === 'navigate') return isPage(path) ? files.page(request) : fetch(request);
  return isPage(path) ? fetch(request) : files.file(path, request, (work) => event.waitUntil(work));
}

function isApi(url: URL): boolean {
  const api = base.pathname.slice(0, -1) + API_PREFIX;
  return url.origin === base.origin && (url.pathname === api || url.pathname.startsWith(`${api}/`));
}

function withHeaders(response: Response): Response {
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.status === 0) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const hasBody = ![101, 204, 205, 304].includes(response.status);
  return new Response(hasBody ? response.body : null, { status: response.status, statusText: response.statusText, headers });
}

scope.importScripts('./mockServiceWorker.js');

/**
 * MSW tells the page of each response that was made, with its body, for listeners that we have none of. WebKit can't post a stream, and
 * says so on the console each time; elsewhere the copy is for nothing.
 */
const sendWhole = sendToClient;
globalThis.sendToClient = (client, message, transfer) => {
  if (message.type !== 'RESPONSE') return sendWhole(client, message, transfer);
  const { payload } = message;
  return sendWhole(client, { ...message, payload: { ...payload, response: { ...payload?.response, body: null } } });
};
