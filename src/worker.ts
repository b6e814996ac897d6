/** The page's worker: the workbench over the ports of a browser, and what it tells the page. */
import './environment/language.ts';
import { browserPorts } from './browser-ports.ts';
import { routeAt } from './client/client.ts';
import { attributeCallbacks, currentWork } from './engine/current-work.ts';
import { holdLock } from './environment/locks.ts';
import { presentOf } from './environment/presence.ts';
import { onHeld, RecordDatabase, takeOver } from './environment/record-store.ts';
import { refusals } from './environment/refusals.ts';
import { canTransferStreams } from './environment/transfer-streams.ts';
import { type PagePort, takePagePort } from './page-port.ts';
import { candidateWorkers } from './platform/code/candidate-worker.ts';
import type { StartRequest } from './ports/model-platform.ts';
import { isStartRecord, StartLog } from './services/code/start-log.ts';
import { startModel } from './services/model/starting-model.ts';
import { servePort } from './transport/direct/port-server.ts';
import type { PulseToPage } from './transport/direct/protocol.ts';
import { answerPings } from './transport/direct/pulse.ts';
import { newContext, validateInput } from './transport/dispatch.ts';
import { createWorkbench } from './workbench.ts';
import type { BeginWithDefault, CandidateDied, WorkerMessage, WorkerSettings } from './worker-messages.ts';

const scope = takePagePort(globalThis as unknown as PagePort);

const tell = (message: WorkerMessage | PulseToPage, transfer: Transferable[] = []): void => scope.postMessage(message, transfer);

/** The page, where it starts workers for candidates. */
const candidateHost = {
  start: (id: number, port: MessagePort) => tell({ kind: 'start candidate', id, port }, [port]),
  end: (id: number) => tell({ kind: 'end candidate', id }),
  onDied: (listener: (id: number, reason: string) => void) =>
    scope.addEventListener('message', ({ data }: MessageEvent<CandidateDied | null>) => {
      if (data?.kind === 'candidate died') listener(data.id, data.reason);
    }),
};

function start({ base, lock, leaveOut, start: name, leftWell, model: remembered, held }: WorkerSettings): void {
  takeOver(held);
  onHeld((change) => tell({ kind: 'held', change }));
  holdLock(lock, () => tell({ kind: 'locked' }));
  attributeCallbacks(globalThis as unknown as Record<string, unknown>);
  currentWork.watch((work) => tell({ kind: 'doing', work }));
  const ports = browserPorts(base, candidateWorkers(candidateHost));
  const starts = new RecordDatabase('glassbox-starts', ['starts']).store('starts', 'patches', isStartRecord);
  const workbench = createWorkbench(ports, {
    lastStart: { leaveOut, starts: new StartLog(starts, { name, leftWell, presentOf }) },
    onLeftOut: (leftOut) => tell({ kind: 'left out', leftOut }),
  });
  const { active, app, fromPage, sorted } = workbench;
  const { model } = workbench.services;
  active.onChanged(() => tell({ kind: 'patched', patched: active.patched }));
  void sorted.then(() => tell({ kind: 'sorted' }));
  servePort(scope, fromPage, (request, early) => app.fetch(request, early));
  refusals.subscribe(() => tell({ kind: 'refusals', refusals: refusals.get() }));
  tell({ kind: 'hello', threads: ports.models.threads, streamsTransfer: canTransferStreams() });
  let isStart = true;
  model.onSwapped = (id, { source, ...rest }) => {
    const request = { ...rest, source: source.kind === 'upload' ? { ...source, files: [] } : source };
    tell({ kind: 'swapped', model: id, request, isStart });
  };
  // The page shows real inference the moment it opens; a failure is told by GET /model/info.
  const wish = new AbortController();
  scope.addEventListener('message', ({ data }: MessageEvent<BeginWithDefault | null>) => {
    if (data?.kind === 'begin with default') wish.abort();
  });
  const validate = (input: unknown) => validateInput(routeAt('PUT', 'model', 'weights'), input) as unknown as StartRequest;
  void startModel(model, remembered && (() => validate(remembered)), (signal) => newContext('direct', 'start', signal), {
    signal: wish.signal,
    onGivenUp: (why) => tell({ kind: 'gives up', why, isWish: wish.signal.aborted }),
  }).then(() => (isStart = false));
}

answerPings(scope);
const settings = ({ data }: MessageEvent<WorkerSettings | null>) => {
  if (data?.kind !== 'settings') return;
  scope.removeEventListener('message', settings);
  start(data);
};
scope.addEventListener('message', settings);
