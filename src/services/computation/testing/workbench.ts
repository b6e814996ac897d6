/** Test support: the computation service over the runtime on WASM, with an active small model, as the worker puts them together. */
import { type CallContext, type Route, routes } from '../../../contract/index.ts';
import type { ModelFolder } from '../../../engine/weights.ts';
import { MemoryRecords } from '../../../environment/record-store.ts';
import { lru } from '../../../patchable/memory/index.ts';
import sample from '../../../patchable/sampler/default.ts';
import { fcfs } from '../../../patchable/scheduler/index.ts';
import { computationPlatform } from '../../../platform/computation/index.ts';
import { createOrtRunner } from '../../../platform/ort/index.ts';
import { readFolder } from '../../../platform/ort/testing/fixture.ts';
import { dispatch, newContext, type Operations } from '../../../transport/dispatch.ts';
import { readFileSync } from 'node:fs';
import { CandidateChecker, type CandidateWorker } from '../../code/check/candidate-checker.ts';
import { CodeInForce } from '../../code/in-force.ts';
import { CodeService } from '../../code/index.ts';
import { KernelChecker } from '../../code/kernel/kernel-checker.ts';
import { Patching } from '../../code/patching.ts';
import type { RevisionStore } from '../../code/revision.ts';
import { ScriptRunner } from '../../code/script-runner.ts';
import { EngineHost } from '../../engine-host.ts';
import { operationsOf } from '../../index.ts';
import { MemoryService } from '../../memory/index.ts';
import { ModelService } from '../../model/index.ts';
import type { ModelPlatform } from '../../../ports/model-platform.ts';
import { SchedulerService } from '../../scheduler/index.ts';
import { TokenizerService } from '../../tokenizer/index.ts';
import { ComputationService, ModelsInForce } from '../index.ts';

const FOLDER = 'public/models/default';
const json = (file: string) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Record<string, unknown>;

function routeAt(method: string, path: string): Route {
  const route = routes.find((each) => each.endpoint.method === method && each.path === path);
  if (!route) throw new Error(`There is no route ${method} ${path}.`);
  return route;
}

/** It is warmed up when a model becomes active, and given nothing to check. */
const idleWorker = (): CandidateWorker => ({
  postMessage: () => {},
  onMessage: (listener) => void setTimeout(() => listener({ kind: 'ready' })),
  onError: () => {},
  terminate: () => {},
});

/** A context of a call in the worker. */
export const context = (signal?: AbortSignal): CallContext => newContext('direct', 'test', signal);

/**
 * The bundled model active, and the services that plans reach.
 * @param revisions kept and not active; they can be put there, and nothing new be checked
 */
export async function openWorkbench(revisions: RevisionStore = new MemoryRecords()) {
  const folder: ModelFolder = {
    ...readFolder(FOLDER),
    id: 'default',
    source: 'bundled:default',
    generationConfig: null,
    tokenizerJson: json('tokenizer.json'),
    tokenizerConfig: json('tokenizer_config.json'),
    hash: 'test',
    bytes: 0,
    fromCache: false,
  };
  const host = new EngineHost(() => ({ policy: fcfs, eviction: lru, sample }));
  const tokenizer = new TokenizerService();
  const models = new ModelsInForce(host);
  const platform: ModelPlatform = {
    threads: 1,
    providers: async () => [],
    loadFolder: async () => folder,
    createRunner: async () => ({
      runner: await createOrtRunner({ folder, provider: 'wasm', numBlocks: 256, blockSize: 16 }),
      provider: 'wasm',
      computeDtype: 'float32',
    }),
    openRunner: createOrtRunner,
    openOpaque: () => Promise.reject(new Error('There is no graph here.')),
  };
  const inForce = new CodeInForce(host, tokenizer);
  const patching = new Patching(
    new CandidateChecker(idleWorker),
    inForce,
    revisions,
    null,
    new KernelChecker(computationPlatform.candidates),
  );
  const model = new ModelService(models.watch(platform), host, tokenizer, patching, (planId) => computation.requireInForce(planId));
  const memory = new MemoryService(host, { poolMedium: () => 'wasm_memory', openDiskStore: () => Promise.reject(new Error('No disk.')) });
  const scheduler = new SchedulerService(host, tokenizer);
  const computation = new ComputationService({
    ...{ platform: computationPlatform, runners: platform, models, tokenizer, code: patching, kernelCode: inForce },
  });
  const code = new CodeService(new ScriptRunner(() => ({})), patching);
  const operations: Operations = operationsOf({ tokenizer, model, memory, scheduler, computation, code }, (route, input) =>
    dispatch(operations, route, input, context()),
  );
  await dispatch(operations, routeAt('PUT', '/model/weights'), { source: { kind: 'bundled', id: 'default' } }, context());
  return {
    computation,
    operations,
    host,
    call: (method: string, path: string, input: object = {}, called = context()): Promise<unknown> =>
      dispatch(operations, routeAt(method, path), input, called),
    close: async () => {
      await computation.close();
      await host.engine.stop();
      await host.engine.runner.dispose();
    },
  };
}

export type Workbench = Awaited<ReturnType<typeof openWorkbench>>;
