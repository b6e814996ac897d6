/** What an HTTP call through MSW costs at least: one handler that answers a constant, of the size that the product answers. */
import { http, HttpResponse } from 'msw';
import { setupWorker } from 'msw/browser';

const answer = { data: { weights: 'w'.repeat(600), loading: null }, metadata: { note: 'm'.repeat(600) } };
const base = new URL('./', location.href);
const worker = setupWorker(http.get(`${base.href}answer`, () => HttpResponse.json(answer)));
const started = worker.start({
  quiet: true,
  onUnhandledRequest: 'bypass',
  serviceWorker: { url: `${base.href}mockServiceWorker.js`, options: { scope: base.href } },
});
Object.assign(globalThis, { bareReady: started.then(() => {}) });
