/** Has the service worker keep the site's files for a visit without a network, once the page has nothing more urgent to load. */
import { ask } from './messages.ts';

/** The page has just become ready: what a person does first comes first. */
const PAUSE_MS = 4000;
const ANSWER_MS = 60_000;

/** Whether all is kept; a browser that asks to save data is not made to load what may never be used. */
export async function keepForOffline(): Promise<boolean> {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return false;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  for (;;) {
    const worker = (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller;
    const answer = worker ? await ask(worker, 'keep', ANSWER_MS) : null;
    if (!answer || answer.why !== null) return false;
    if (answer.left === 0) return true;
  }
}
