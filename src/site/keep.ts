/** Has the service worker keep the site's files for a visit without a network, once the page has nothing more urgent to load. */
import { Mutex } from '../environment/mutex.ts';
import { ask } from './messages.ts';

/** The page has just become ready: what a person does first comes first. */
const PAUSE_MS = 4000;
const ANSWER_MS = 60_000;

/** A browser that asks to save data is not made to load what may never be used. */
export function keepForOffline(): void {
  const { connection, serviceWorker } = navigator as { connection?: { saveData?: boolean }; serviceWorker?: ServiceWorkerContainer };
  if (connection?.saveData || !serviceWorker) return;
  const mutex = new Mutex();
  const next = () => void mutex.run(() => fill(serviceWorker)).catch(() => {});
  next();
  // A new version of the site has other files.
  serviceWorker.addEventListener('controllerchange', next);
}

async function fill(serviceWorker: ServiceWorkerContainer): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  for (;;) {
    const { controller } = serviceWorker;
    const answer = controller && (await ask(controller, 'keep', ANSWER_MS));
    // What can't be kept now is tried again at the next visit.
    if (!answer || answer.why !== null || answer.left === 0) return;
  }
}
