/** Which build this page is of, and whether the server has another by now. */
import { VERSION_META } from './build.ts';
import { type Asked, isAsked } from './messages.ts';

/** Between two looks at the server. */
const LOOK_MS = 60_000;
const HOUR_MS = 60 * 60 * 1000;

/** `null` where the page was not built (the development server). */
export const pageVersion = (): string | null => versionIn(document);

const versionIn = (page: Document): string | null => page.querySelector<HTMLMetaElement>(`meta[name="${VERSION_META}"]`)?.content ?? null;

/** What the server has now; `null` where it does not answer with a page of ours. */
async function serverVersion(base: string): Promise<string | null> {
  const response = await fetch(`${base}index.html`, { cache: 'no-cache' });
  return response.ok ? versionIn(new DOMParser().parseFromString(await response.text(), 'text/html')) : null;
}

/** Tells the service worker what version this page is of, and `onNewer` (once) when the server has another. */
export function watchVersion(base: string, onNewer: () => void): void {
  const version = pageVersion();
  if (version === null) return;
  const serviceWorker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  let lookedAt = Date.now();
  let isOld = false;
  const look = async () => {
    if (isOld) return;
    lookedAt = Date.now();
    const newest = await serverVersion(base).catch(() => null);
    if (isOld || newest === null || newest === version) return;
    isOld = true;
    onNewer();
  };
  serviceWorker?.addEventListener('message', ({ data, ports: [port] }: MessageEvent<Asked>) => {
    if (isAsked(data) && data.glassbox === 'version') port?.postMessage(version);
  });
  // A tab of a newer version brings its service worker, which takes this tab over too.
  serviceWorker?.addEventListener('controllerchange', () => void look());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() - lookedAt > LOOK_MS) void look();
  });
  setInterval(() => void look(), HOUR_MS);
}
