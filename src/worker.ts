/** The page's worker: the workbench over the ports of a browser, and what it tells the page. */
import './environment/language.ts';
import { browserPorts } from './browser-ports.ts';
import { candidateHost } from './candidate-host.ts';
import { attributeCallbacks } from './engine/current-work.ts';
import { presentOf } from './environment/presence.ts';
import { RecordDatabase, takeOver } from './environment/record-store.ts';
import { loadFirstModel } from './first-model.ts';
import { type PagePort, takePagePort } from './page-port.ts';
import { candidateWorkers } from './platform/code/candidate-worker.ts';
import { isStartRecord, StartLog } from './services/code/start-log.ts';
import { servePort } from './transport/direct/port-server.ts';
import type { PulseToPage } from './transport/direct/protocol.ts';
import { answerPings } from './transport/direct/pulse.ts';
import { createWorkbench } from './workbench.ts';
import type { RequireTokens, WorkerMessage, WorkerSettings } from './worker-messages.ts';
import { reportWork, reportWorkbench } from './worker-reports.ts';

const scope = takePagePort(globalThis as unknown as PagePort);
const tell = (message: WorkerMessage | PulseToPage, transfer: Transferable[] = []): void => scope.postMessage(message, transfer);

function start({ base, lock, leaveOut, start: name, leftWell, model, held, access }: WorkerSettings): void {
  takeOver(held);
  reportWork(tell, lock);
  attributeCallbacks(globalThis as unknown as Record<string, unknown>);
  const ports = browserPorts(base, candidateWorkers(candidateHost(scope, tell)));
  const starts = new RecordDatabase('glassbox-starts', ['starts']).store('starts', 'patches', isStartRecord);
  const workbench = createWorkbench(ports, {
    lastStart: { leaveOut, starts: new StartLog(starts, { name, leftWell, presentOf }) },
    onLeftOut: (leftOut) => tell({ kind: 'left out', leftOut }),
    auth: access,
  });
  scope.addEventListener('message', ({ data }: MessageEvent<RequireTokens | null>) => {
    if (data?.kind === 'require tokens') workbench.services.auth.required = data.required;
  });
  servePort(scope, workbench.fromPage, (request, early) => workbench.app.fetch(request, early));
  reportWorkbench(tell, workbench, ports.models.threads);
  loadFirstModel(workbench.services.model, model, scope, tell);
}

answerPings(scope);
const settings = ({ data }: MessageEvent<WorkerSettings | null>) => {
  if (data?.kind !== 'settings') return;
  scope.removeEventListener('message', settings);
  start(data);
};
scope.addEventListener('message', settings);
