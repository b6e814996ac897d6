/* The one service worker of the site: cross-origin isolation for everything that is served, MSW for the API.
 *
 * Two registrations cannot share a scope, so this file does both jobs. Only requests below `api` reach MSW; the rest is answered here
 * with the headers that a static host does not send, so that WASM threads work from the second page load on. MSW unregisters its
 * worker when the last tab closes; it does not get that message here, since the next visit would start without isolation. */
const base = new URL('./', self.location.href);
const apiPath = `${base.pathname}api`;
const isApi = (url) => url.origin === base.origin && (url.pathname === apiPath || url.pathname.startsWith(`${apiPath}/`));

self.addEventListener('message', (event) => {
  if (event.data === 'CLIENT_CLOSED') event.stopImmediatePropagation();
  if (event.data === 'glassbox:claim') event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (isApi(new URL(request.url))) return;
  event.stopImmediatePropagation();
  // A request that only the cache may answer can't be made again from here.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  if (new URL(request.url).origin !== base.origin) return;
  event.respondWith(isolated(request));
});

async function isolated(request) {
  const response = await fetch(request);
  if (response.type === 'opaque' || response.type === 'opaqueredirect' || response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'credentialless');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

importScripts('./mockServiceWorker.js');
