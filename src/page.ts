/** Starts the workbench on the page: the worker, the port to it, the interception of `fetch`; keeps the client's health true. */
import { PageAccess } from './client/page-access.ts';
import { PageClient } from './client/page-client.ts';
import { ApiError } from './contract/index.ts';
import { loadCode } from './environment/load-code.ts';
import { presentOf } from './environment/presence.ts';
import { localTexts } from './environment/text-store.ts';
import { RememberedModel } from './remembered-model.ts';
import { newToken } from './contract/token.ts';
import { keepForOffline } from './site/keep.ts';
import { watchVersion } from './site/version.ts';
import { StartingModel } from './starting-model.ts';
import { PortClient } from './transport/direct/port-client.ts';
import { API_PREFIX } from './transport/rest/app-prefix.ts';
import { FetchClient } from './transport/rest/fetch-client.ts';
import { assertRestfulSupport } from './transport/rest/support.ts';
import { WorkerLife } from './worker-life.ts';

export interface Workbench {
  client: PageClient;
  /** Resolves when the worker answers, the default model serves (or failed to load), and the RESTful mode is up or known to be unavailable. */
  ready: Promise<void>;
  /** Ends the worker and starts a new one; what it held is lost. How that went is in the client's health. */
  restartWorker(): Promise<void>;
  /** The model that served last, where it is on its way back or did not come. */
  startingModel: Pick<StartingModel, 'useDefault' | 'again'>;
}

export function startWorkbench(): Workbench {
  // A trailing file name (index.html) is no part of the base.
  const base = new URL('./', new URL(import.meta.env.BASE_URL, document.baseURI)).href;
  const port = new PortClient();
  const access = new PageAccess(newToken().token, localTexts);
  // A page that comes back from the browser's cache was told nothing meanwhile.
  for (const event of ['storage', 'pageshow']) addEventListener(event, () => access.readAgain());
  const client = new PageClient(port, access);
  const startingModel = new StartingModel(new RememberedModel(localTexts, presentOf), client);
  const worker = new WorkerLife(base, port, client, startingModel);

  async function startRestful(): Promise<void> {
    try {
      assertRestfulSupport();
      const { interceptFetch } = await loadCode(() => import('./transport/rest/intercept.ts'));
      const { fetcher } = await interceptFetch(base, port, () => client.updateHealth({ revived: client.health.revived + 1 }));
      client.attachRestful(new FetchClient(fetcher, base + API_PREFIX.slice(1), (requestId) => port.abortHttp(requestId), access.token));
    } catch (error) {
      client.updateHealth({ restful: 'unavailable', reason: ApiError.from(error).message });
    }
  }

  const ready = Promise.all([worker.start().then(() => modelSettled(client)), startRestful()]).then(() => {});
  // Whoever waits for it is told; nobody need wait.
  ready.catch(() => {});
  watchVersion(base, () => client.updateHealth({ newVersion: true }));
  void ready.then(keepForOffline, () => {});
  const useDefault = () => {
    startingModel.useDefault();
    // One that hangs in the load of the other hears nothing.
    if (client.health.silence) void worker.restart();
  };
  return {
    ...{ client, ready, restartWorker: worker.restart },
    startingModel: {
      useDefault,
      get again() {
        return startingModel.again;
      },
    },
  };
}

const POLL_MS = 50;

/** The default model begins to load with the worker; this waits for the end of that. */
async function modelSettled(client: PageClient): Promise<void> {
  const direct = client.via('direct');
  for (;;) {
    try {
      const { loading } = await direct.get('model', 'weights');
      if (!loading) return;
    } catch (error) {
      // A restart while it loads: the next worker loads it.
      if (ApiError.from(error).code !== 'cancelled') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
