/** The worker: where services, engine, runtime and both transports meet. */
import './environment/language.ts';
import { Client, routeAt } from './client/client.ts';
import { rolesOf } from './client/roles.ts';
import { attributeCallbacks, currentWork } from './engine/current-work.ts';
import type { ModelFragments } from './engine/graph/index.ts';
import { holdLock } from './environment/locks.ts';
import { presentOf } from './environment/presence.ts';
import { onHeld, RecordDatabase, takeOver } from './environment/record-store.ts';
import { refusals } from './environment/refusals.ts';
import { fcfs } from './patchable/scheduler/index.ts';
import { lru } from './patchable/memory/index.ts';
import sample from './patchable/sampler/default.ts';
import { candidateWorkers } from './platform/code/candidate-worker.ts';
import { type PagePort, takePagePort } from './page-port.ts';
import { computationPlatform } from './platform/computation/index.ts';
import { createModelPlatform } from './platform/model-platform.ts';
import { createOnnxRunner } from './platform/onnx/onnx-runner.ts';
import { openOpfsBlockStore } from './platform/opfs-block-store.ts';
import { createOrtRunner } from './platform/ort/index.ts';
import { CandidateChecker } from './services/code/check/candidate-checker.ts';
import { EffectMeter } from './services/code/effect.ts';
import { CodeInForce, type PatchableModel, type VersionCode } from './services/code/in-force.ts';
import { CodeService } from './services/code/index.ts';
import { KernelChecker } from './services/code/kernel/kernel-checker.ts';
import { Patching } from './services/code/patching.ts';
import { isKeptResource } from './services/code/revision.ts';
import { ScriptRunner } from './services/code/script-runner.ts';
import { isStartRecord, StartLog } from './services/code/start-log.ts';
import { stoppable } from './services/code/stoppable.ts';
import { VersionComparer } from './services/code/version-comparer.ts';
import { ComputationService, isExperiment, isStoredPlan, ModelsInForce } from './services/computation/index.ts';
import { EngineHost } from './services/engine-host.ts';
import { operationsOf } from './services/index.ts';
import { MemoryService } from './services/memory/index.ts';
import { ModelService } from './services/model/index.ts';
import type { StartRequest } from './ports/model-platform.ts';
import { startModel } from './services/model/starting-model.ts';
import { SchedulerService } from './services/scheduler/index.ts';
import { TokenizerService } from './services/tokenizer/index.ts';
import { told } from './services/told.ts';
import { servePort } from './transport/direct/port-server.ts';
import { answerPings } from './transport/direct/pulse.ts';
import type { PulseToPage } from './transport/direct/protocol.ts';
import { dispatch, newContext, type Operations, validateInput } from './transport/dispatch.ts';
import { localTransport } from './transport/local.ts';
import { API_PREFIX } from './transport/rest/app-prefix.ts';
import { createRestApp } from './transport/rest/app.ts';
import { FetchClient } from './transport/rest/fetch-client.ts';
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
  const platform = createModelPlatform(base);
  const host = new EngineHost(() => ({ policy: fcfs, eviction: lru, sample }));
  const tokenizer = new TokenizerService();
  const inForce = new CodeInForce(host, tokenizer, (patched) => tell({ kind: 'patched', patched }));
  const patching = new Patching(
    new CandidateChecker(candidateWorkers(candidateHost)),
    inForce,
    new RecordDatabase('glassbox-code', ['resources']).store('resources', 'patches', isKeptResource),
    new EffectMeter(openTrialRunner),
    new KernelChecker(computationPlatform.candidates),
    new VersionComparer(openComparedRunner, tokenizer),
    {
      leaveOut,
      starts: new StartLog(new RecordDatabase('glassbox-starts', ['starts']).store('starts', 'patches', isStartRecord), {
        name,
        leftWell,
        presentOf,
      }),
    },
    (leftOut) => tell({ kind: 'left out', leftOut }),
  );
  void patching.sortedOut().then(() => tell({ kind: 'sorted' }));
  const models = new ModelsInForce(host);
  const model = new ModelService(models.watch(platform), host, tokenizer, patching, (planId) => computation.requireInForce(planId));
  const memory = new MemoryService(host, {
    poolMedium: () => (model.provider === 'webgpu' ? 'gpu_buffer' : 'wasm_memory'),
    openDiskStore: openOpfsBlockStore,
  });
  const scheduler = new SchedulerService(host, tokenizer);
  const shelves = new RecordDatabase('glassbox-computation', ['plans', 'experiments']);
  const computation = new ComputationService({
    ...{ platform: computationPlatform, runners: platform, models, tokenizer, code: patching, kernelCode: inForce },
    ...{ plans: shelves.store('plans', 'plans', isStoredPlan), experiments: shelves.store('experiments', 'experiments', isExperiment) },
  });
  const code = new CodeService(new ScriptRunner((signal) => reachFor(signal)), patching);
  const operations = operationsOf({ tokenizer, model, memory, scheduler, computation, code }, (route, input) =>
    dispatch(operations, route, input, newContext('direct', 'example')),
  );
  const fromPage: Operations = told(operations);
  const app = createRestApp(fromPage);
  const direct = localTransport(operations);
  // Code in the worker never fetches: its RESTful mode is the same app, called in place.
  const restful = new FetchClient(async (makeRequest) => app.fetch(makeRequest()), `http://glassbox${API_PREFIX}`);
  /** What a script reaches: the client, the roles, and the services themselves, with nothing in between. */
  function reachFor(signal: AbortSignal): Readonly<Record<string, unknown>> {
    const client = new Client({ direct: stoppable(direct, signal), restful: stoppable(restful, signal) });
    client.enableRestfulMode(false);
    return { client, ...rolesOf(client), services: { tokenizer, model, memory, scheduler, computation } };
  }
  servePort(
    {
      addEventListener: (type, listener) => scope.addEventListener(type, listener),
      postMessage: (message, transfer) => scope.postMessage(message, transfer),
    },
    fromPage,
    (request, early) => app.fetch(request, early),
  );
  refusals.subscribe(() => tell({ kind: 'refusals', refusals: refusals.get() }));
  tell({ kind: 'hello', threads: platform.threads, streamsTransfer: canTransferStreams() });
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

/** Always on WASM, whose runtime is a module of its own: it disturbs no work on the GPU. */
const openTrialRunner = ({ folder }: PatchableModel, fragments: ModelFragments) =>
  createOrtRunner({ folder, provider: 'wasm', numBlocks: 1, blockSize: 16, fragments });

/** As the active model runs, so that speeds are its own. */
const openComparedRunner = (
  { folder, provider, computeDtype }: PatchableModel,
  { fragments, fragmentRevision }: VersionCode,
  numBlocks: number,
  blockSize: number,
) =>
  folder.graph
    ? createOnnxRunner({ graph: folder.graph, config: folder.config, provider, blockSize, numBlocks: () => numBlocks })
    : createOrtRunner({
        ...{ folder, provider, numBlocks, blockSize, fragments, revision: fragmentRevision || 'built-in' },
        computeDtype: computeDtype === 'float16' ? 'float16' : 'float32',
      });

/** Safari can't post a ReadableStream. */
function canTransferStreams(): boolean {
  try {
    const stream = new ReadableStream();
    structuredClone(stream, { transfer: [stream] });
    return true;
  } catch {
    return false;
  }
}

answerPings(scope);
const settings = ({ data }: MessageEvent<WorkerSettings | null>) => {
  if (data?.kind !== 'settings') return;
  scope.removeEventListener('message', settings);
  start(data);
};
scope.addEventListener('message', settings);
