/** Puts the API behind `fetch` on the page: MSW's service worker hands each request to the worker through the port, and is revived when the browser stops it. */
import { http } from 'msw/core/http';
import { setupWorker } from 'msw/browser';
import { ApiError } from '../../contract/index.ts';
import { newId } from '../../environment/ids.ts';
import { type Asked, CLAIM, isAsked } from '../../site/messages.ts';
import type { PortClient } from '../direct/port-client.ts';
import { API_PREFIX } from './app-prefix.ts';
import type { Fetcher } from './fetch-client.ts';

export interface Interception {
  /** `fetch` that revives a service worker gone deaf and tries once more. */
  fetcher: Fetcher;
  /** Starts the service worker again. */
  revive(): Promise<void>;
}

/** A service worker that neither activates nor fails within this time counts as missing. */
const START_LIMIT_MS = 8000;

/** What the worker sent is through the service worker after this time. */
const LAST_BYTES_MS = 250;
/** A page that is still there after this time was not left after all. */
const LEAVING_MS = 5000;

/**
 * @param base absolute URL of the site's folder, ending in `/`
 * @throws ApiError internal, with the reason, when the page can't be controlled
 */
export async function interceptFetch(base: string, port: PortClient, onRevived: () => void): Promise<Interception> {
  const basePath = new URL(base).pathname;
  // One handler: each that MSW asks in turn clones the request and reads the cookies anew.
  const worker = setupWorker(http.all(underPath(`${base}${API_PREFIX.slice(1)}`), ({ request }) => forward(request)));

  async function forward(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const wire = {
      url: `/${url.pathname.slice(basePath.length)}${url.search}`,
      method: request.method,
      headers: [...request.headers],
      body: hasBody ? await request.arrayBuffer() : null,
    };
    try {
      const { status, headers, body } = await port.http(wire);
      return new Response(body, { status, headers });
    } catch (error) {
      const problem = ApiError.from(error).toProblem(newId());
      return new Response(JSON.stringify(problem), { status: problem.status, headers: { 'content-type': 'application/problem+json' } });
    }
  }

  const start = () =>
    worker.start({ quiet: true, onUnhandledRequest: 'bypass', serviceWorker: { url: `${base}sw.js`, options: { scope: base } } });
  const { serviceWorker } = navigator;
  await letUpdatesFail(serviceWorker);
  await withLimit(start(), START_LIMIT_MS);
  await ensureControlled();
  let controller = serviceWorker.controller;

  let restarting: Promise<void> | null = null;
  const restart = () =>
    (restarting ??= (async () => {
      worker.stop();
      await withLimit(start(), START_LIMIT_MS);
      controller = serviceWorker.controller;
    })().finally(() => (restarting = null)));
  const revive = () => restart().then(onRevived);
  // MSW listens to the one service worker that it started with; a new version of the site brings another.
  const followController = async () => {
    if (serviceWorker.controller !== controller) await restart();
    else await restarting;
  };
  serviceWorker.addEventListener('controllerchange', () => void followController().catch(() => {}));
  // A page that is being left for an address of the API is not the one to answer it.
  let isLeaving = false;
  addEventListener('beforeunload', () => {
    isLeaving = true;
    setTimeout(() => (isLeaving = false), LEAVING_MS);
  });
  // A service worker that was stopped, or is new, does not know its tabs: it asks.
  serviceWorker.addEventListener('message', ({ data, ports: [answer] }: MessageEvent<Asked>) => {
    if (!isAsked(data) || !answer) return;
    if (data.glassbox === 'quiet') void port.httpQuiet().then(() => setTimeout(() => answer.postMessage(true), LAST_BYTES_MS));
    if (data.glassbox !== 'serving') return;
    followController().then(
      () => answer.postMessage(!isLeaving),
      () => answer.postMessage(false),
    );
  });

  const answered = (response: Response) => !response.headers.get('content-type')?.startsWith('text/html');
  const fetcher: Fetcher = async (makeRequest) => {
    const request = makeRequest();
    const response = await fetch(request).catch((error: unknown) => {
      if (request.signal.aborted) throw error;
      return null;
    });
    if (response && answered(response)) return response;
    await revive();
    return fetch(makeRequest());
  };

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    fetch(`${base}${API_PREFIX.slice(1)}`)
      .then((response) => (answered(response) && response.ok ? undefined : revive()), revive)
      .catch(() => {});
  });
  return { fetcher, revive };
}

/** MSW looks for a newer service worker at each start, and awaits nothing: without a network that must not be an uncaught error. */
async function letUpdatesFail(serviceWorker: ServiceWorkerContainer): Promise<void> {
  for (const registration of await serviceWorker.getRegistrations()) {
    const update = registration.update.bind(registration);
    registration.update = () => update().catch(() => registration);
  }
}

/** Matches an address and all below it. */
const underPath = (address: string) => new RegExp(`^${address.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}(/|$)`);

/** A hard reload leaves the page uncontrolled; the service worker is asked to claim it before we give up. */
async function ensureControlled(): Promise<void> {
  if (navigator.serviceWorker.controller) return;
  const registration = await navigator.serviceWorker.ready;
  const controlled = new Promise<void>((resolve) =>
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true }),
  );
  registration.active?.postMessage(CLAIM);
  await withLimit(controlled, 1500).catch(() => {
    throw new ApiError(
      'internal',
      'The page was loaded past its service worker (a hard reload does that). Reload it normally to get the RESTful mode back.',
    );
  });
}

function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ApiError('internal', `The service worker did not start within ${ms / 1000} s.`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
