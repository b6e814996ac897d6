/** Starts the workbench on the page: the worker, the port to it, the interception of `fetch`; keeps the client's health true. */
import { routeAt } from './client/client.ts';
import { PageClient } from './client/page-client.ts';
import { ApiError, type Output } from './contract/index.ts';
import { loadCode } from './environment/load-code.ts';
import { noteElsewhere } from './environment/refusals.ts';
import { PortClient } from './transport/direct/port-client.ts';
import { API_PREFIX } from './transport/rest/app-prefix.ts';
import { FetchClient } from './transport/rest/fetch-client.ts';
import { assertRestfulSupport } from './transport/rest/support.ts';
import type { WorkerHello, WorkerRefusals, WorkerSettings } from './worker-messages.ts';

export interface Workbench {
  client: PageClient;
  /** Resolves when the worker answers, the default model serves (or failed to load), and the RESTful mode is up or known to be unavailable. */
  ready: Promise<void>;
  /** Ends the worker and starts a new one; what it held is lost. */
  restartWorker(): Promise<void>;
}

export function startWorkbench(): Workbench {
  // A trailing file name (index.html) is no part of the base.
  const base = new URL('./', new URL(import.meta.env.BASE_URL, document.baseURI)).href;
  const port = new PortClient();
  const client = new PageClient(port);
  let worker: Worker | null = null;

  function startWorker(): Promise<void> {
    worker?.terminate();
    port.fail(new ApiError('cancelled', 'The worker was restarted.'));
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'glassbox' });
    worker = started;
    client.updateHealth({ worker: 'starting', reason: null });
    return new Promise((resolve, reject) => {
      started.addEventListener('error', (event) => {
        const reason = `The worker failed: ${event.message || 'it could not be loaded'}.`;
        client.updateHealth({ worker: 'failed', reason });
        const error = new ApiError('internal', reason);
        port.fail(error);
        reject(error);
      });
      const hello = ({ data }: MessageEvent<WorkerHello>) => {
        if (data.kind !== 'hello') return;
        started.removeEventListener('message', hello);
        port.attach(started);
        client.updateHealth({ worker: 'ready', threads: data.threads, streamingBody: data.streamsTransfer });
        resolve();
      };
      started.addEventListener('message', hello);
      started.addEventListener('message', ({ data }: MessageEvent<WorkerRefusals>) => {
        if (data.kind === 'refusals') noteElsewhere(data.refusals);
      });
      started.postMessage({ kind: 'settings', base } satisfies WorkerSettings);
    });
  }

  async function startRestful(): Promise<void> {
    try {
      assertRestfulSupport();
      const { interceptFetch } = await loadCode(() => import('./transport/rest/intercept.ts'));
      const { fetcher } = await interceptFetch(base, port, () => client.updateHealth({ revived: client.health.revived + 1 }));
      client.attachRestful(new FetchClient(fetcher, base + API_PREFIX.slice(1), (requestId) => port.abortHttp(requestId)));
    } catch (error) {
      client.updateHealth({ restful: 'unavailable', reason: ApiError.from(error).message });
    }
  }

  const ready = Promise.all([startWorker().then(() => modelSettled(client)), startRestful()]).then(() => {});
  return { client, ready, restartWorker: startWorker };
}

const POLL_MS = 50;

/** The default model begins to load with the worker; this waits for the end of that. */
async function modelSettled(client: PageClient): Promise<void> {
  const direct = client.transport('direct');
  const route = routeAt('GET', 'model', 'weights');
  for (;;) {
    const { loading } = (await direct.call(route, {})) as Output<'model', 'weights'>;
    if (!loading) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
