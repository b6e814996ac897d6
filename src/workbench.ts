/** Where the services meet, over the ports that a host gives: the page's worker, tests and benchmarks in Node, and whoever serves them next. */
import { Client } from './client/client.ts';
import { namedCalls } from './client/named-calls.ts';
import { rolesOf } from './client/roles.ts';
import { HOST, type Principal } from './contract/index.ts';
import type { LeftOut } from './contract/left-out.ts';
import type { BlockStore, EngineOptions } from './engine/index.ts';
import { intrinsics } from './environment/intrinsics.ts';
import type { RecordStore } from './environment/record-store.ts';
import type { ComputationPlatform } from './ports/computation-platform.ts';
import type { ModelPlatform } from './ports/model-platform.ts';
import { type AuthOptions, AuthService } from './services/auth/index.ts';
import type { KeptToken } from './services/auth/token-store.ts';
import { CandidateChecker, type CandidateWorker } from './services/code/check/candidate-checker.ts';
import { Checking } from './services/code/checking.ts';
import { EffectMeter } from './services/code/effect.ts';
import { CodeService } from './services/code/index.ts';
import { KernelChecker } from './services/code/kernel/kernel-checker.ts';
import { type LastStart, Restoring } from './services/code/restoring.ts';
import type { KeptResource } from './services/code/revision.ts';
import { PythonScripts } from './services/code/python-script/python-scripts.ts';
import { RevisionHistory } from './services/code/revision-history.ts';
import { RevisionSource } from './services/code/revision-source.ts';
import { ScriptRunner } from './services/code/script-runner.ts';
import { stoppable } from './services/code/stoppable.ts';
import { VersionComparer } from './services/code/version-comparer.ts';
import { ComputationService, type Experiment, type KeptPlan } from './services/computation/index.ts';
import { withheld } from './services/code/script-caller.ts';
import { operationsOf } from './services/index.ts';
import { MemoryService } from './services/memory/index.ts';
import { ModelService } from './services/model/index.ts';
import { SchedulerService } from './services/scheduler/index.ts';
import { ActiveModel } from './services/serving/active-model.ts';
import { TokenizerService } from './services/tokenizer/index.ts';
import { told } from './services/told.ts';
import { dispatch, newContext, type Operations } from './transport/dispatch.ts';
import { localTransport } from './transport/local.ts';
import { API_PREFIX } from './transport/rest/app-prefix.ts';
import { createRestApp } from './transport/rest/app.ts';
import { FetchClient } from './transport/rest/fetch-client.ts';

export interface WorkbenchPorts {
  models: ModelPlatform;
  computation: ComputationPlatform;
  /** A worker of `services/code/check/candidate-worker.ts`, for one candidate. */
  spawnCandidate: () => CandidateWorker;
  /** Below the memory: rejects where there is no such store. */
  openDisk: () => Promise<BlockStore>;
  /** What outlives the workbench. */
  records: {
    resources: RecordStore<KeptResource>;
    plans: RecordStore<KeptPlan>;
    experiments: RecordStore<Experiment>;
    tokens: RecordStore<KeptToken>;
  };
}

export interface WorkbenchOptions {
  lastStart?: LastStart;
  onLeftOut?: (leftOut: LeftOut) => void;
  auth?: AuthOptions;
  /** What the engine starts with, beside its defaults. */
  engine?: Partial<EngineOptions>;
}

export type Workbench = ReturnType<typeof createWorkbench>;

const NO_START: LastStart = { leaveOut: [], starts: { takeCutShort: async () => [], tries: async () => {}, end: async () => {} } };

export function createWorkbench(
  { models, computation: platform, spawnCandidate, openDisk, records }: WorkbenchPorts,
  { lastStart = NO_START, onLeftOut = () => {}, engine = {}, auth: access = {} }: WorkbenchOptions = {},
) {
  // As the language is before any code of a person's has run.
  intrinsics();
  const active = new ActiveModel(engine);
  const history = new RevisionHistory(records.resources, () => active.provider);
  const { restored, sorted } = new Restoring(active, history, lastStart, onLeftOut);
  const checker = new CandidateChecker(spawnCandidate);
  const checking = new Checking(active, history, checker, new KernelChecker(platform.candidates), new EffectMeter(models));
  const revisions = new RevisionSource(active, history, restored);

  const tokenizer = new TokenizerService(active);
  const memory = new MemoryService(active, openDisk);
  const scheduler = new SchedulerService(active);
  const computation = new ComputationService({
    ...{ platform, runners: models, active, code: revisions },
    ...{ plans: records.plans, experiments: records.experiments },
  });
  const model = new ModelService({ platform: models, active, restored, requirePlan: (id) => computation.requireActive(id) });
  const python = new PythonScripts((signal, caller) => {
    const calls = callsOf(caller);
    return namedCalls(calls.direct, calls.restful, signal);
  });
  const scripts = new ScriptRunner((signal, caller) => reachFor(signal, caller), python);
  const code = new CodeService({ scripts, active, history, checking, comparer: new VersionComparer(models, active.text), restored });

  const auth = new AuthService(records.tokens, access);

  const services = { tokenizer, model, memory, scheduler, computation, code, auth };
  const operations: Operations = operationsOf(services, (route, input) =>
    dispatch(operations, route, input, newContext('direct', 'example')),
  );
  const fromPage: Operations = told(operations);
  const app = createRestApp(fromPage, auth);
  const direct = localTransport(operations);
  // Code in the workbench never fetches: its RESTful mode is the same app, called in place.
  const restfulAs = (caller: Principal) =>
    new FetchClient(async (makeRequest) => app.fetch(makeRequest(), undefined, caller), `http://glassbox${API_PREFIX}`);
  const restful = restfulAs(HOST);
  /** How code in the worker calls: as the workbench itself, or as a caller that may less. */
  const callsOf = (caller?: Principal) =>
    caller ? { direct: localTransport(operations, caller), restful: restfulAs(caller) } : { direct, restful };
  /** What a script reaches: the client, the roles, and the services themselves, with nothing in between. */
  function reachFor(signal: AbortSignal, caller?: Principal): Readonly<Record<string, unknown>> {
    const calls = callsOf(caller);
    const client = new Client({ direct: stoppable(calls.direct, signal), restful: stoppable(calls.restful, signal) });
    client.enableRestfulMode(false);
    const objects = { tokenizer, model, memory, scheduler, computation };
    return { client, ...rolesOf(client), services: caller ? withheld(objects) : objects };
  }
  return {
    ...{ active, services, checker, scripts },
    /** What of the last visit does not become active again is told; no patch has run before. */
    sorted,
    /** For whoever calls from inside. */
    operations,
    /** The same, which tell before what they compute at one stretch. */
    fromPage,
    /** `Request` to `Response`. */
    app,
    /** Ends what runs, and lets go of what is held. */
    async close(): Promise<void> {
      await computation.close();
      const { current } = active;
      await current?.engine.stop();
      await current?.runner.dispose();
    },
  };
}
