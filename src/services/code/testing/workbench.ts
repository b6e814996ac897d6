/** Test support: the services over the real runtime and a tiny model, with the code service patching them. */
import type { ParsedInput } from '../../../contract/index.ts';
import type { ModelFolder } from '../../../engine/weights.ts';
import { MemoryRecords } from '../../../environment/record-store.ts';
import { lru } from '../../../patchable/memory/index.ts';
import sample from '../../../patchable/sampler/default.ts';
import { fcfs } from '../../../patchable/scheduler/index.ts';
import { computationPlatform } from '../../../platform/computation/index.ts';
import { createOrtRunner } from '../../../platform/ort/index.ts';
import { readFolder } from '../../../platform/ort/testing/fixture.ts';
import { dispatch, newContext, type Operations } from '../../../transport/dispatch.ts';
import { type CallContext, type Route, routes } from '../../../contract/index.ts';
import { EngineHost } from '../../engine-host.ts';
import { operationsOf } from '../../index.ts';
import { MemoryService } from '../../memory/index.ts';
import { ModelService } from '../../model/index.ts';
import { SchedulerService } from '../../scheduler/index.ts';
import { TokenizerService } from '../../tokenizer/index.ts';
import { CandidateChecker, type CandidateWorker } from '../check/candidate-checker.ts';
import { EffectMeter } from '../effect.ts';
import { CodeInForce } from '../in-force.ts';
import { CodeService } from '../index.ts';
import { KernelChecker } from '../kernel/kernel-checker.ts';
import { type LastStart, type LeftOut, Patching } from '../patching.ts';
import type { RevisionStore } from '../revision.ts';
import { ScriptRunner } from '../script-runner.ts';
import { VersionComparer } from '../version-comparer.ts';

export interface Workbench {
  host: EngineHost;
  model: ModelService;
  code: CodeService;
  patching: Patching;
  /** What was active and is no longer, though nobody took it back. */
  leftOut: readonly LeftOut[];
  checker: CandidateChecker;
  call(method: string, path: string, input?: object, context?: CallContext): Promise<unknown>;
  load(): Promise<void>;
}

/** @param tokenizerJson what the model is given for its tokenizer */
export function openWorkbench(
  path: string,
  tokenizerJson: Record<string, unknown>,
  spawn: () => CandidateWorker,
  store: RevisionStore = new MemoryRecords(),
  lastStart?: LastStart,
): Workbench {
  const leftOut: LeftOut[] = [];
  const host = new EngineHost(() => ({ policy: fcfs, eviction: lru, sample }));
  const tokenizer = new TokenizerService();
  const folder = readFolder(path);
  const effects = new EffectMeter((_, fragments) => createOrtRunner({ folder, provider: 'wasm', numBlocks: 1, blockSize: 16, fragments }));
  const checker = new CandidateChecker(spawn);
  const inForce = new CodeInForce(host, tokenizer);
  const comparer = new VersionComparer(
    (_, { fragments }, numBlocks, blockSize) => createOrtRunner({ folder, provider: 'wasm', numBlocks, blockSize, fragments }),
    tokenizer,
  );
  const patching = new Patching(
    checker,
    inForce,
    store,
    effects,
    new KernelChecker(computationPlatform.candidates),
    comparer,
    lastStart,
    (each) => leftOut.push(each),
  );
  const model = new ModelService(
    {
      threads: 1,
      providers: async () => [{ name: 'wasm', available: true, detail: '1 thread' }],
      loadFolder: async () =>
        ({
          ...folder,
          id: 'tiny',
          source: 'bundled:tiny',
          generationConfig: null,
          tokenizerJson,
          tokenizerConfig: {},
          hash: 'hash',
          bytes: 1,
          fromCache: false,
        }) as unknown as ModelFolder,
      createRunner: async () => ({
        runner: await createOrtRunner({ folder, provider: 'wasm', numBlocks: 64, blockSize: 16 }),
        provider: 'wasm',
        computeDtype: 'float32',
      }),
      openRunner: createOrtRunner,
      openOpaque: () => Promise.reject(new Error('There is no graph here.')),
    },
    host,
    tokenizer,
    patching,
  );
  const memory = new MemoryService(host, { poolMedium: () => 'wasm_memory', openDiskStore: () => Promise.reject(new Error('No disk.')) });
  const scheduler = new SchedulerService(host, tokenizer);
  const code = new CodeService(
    new ScriptRunner(() => ({ client: { get: (service: string, path: string) => call('GET', `/${service}/${path}`) } })),
    patching,
  );
  const operations: Operations = operationsOf({ tokenizer, model, memory, scheduler, code }, (route, input) =>
    dispatch(operations, route, input, newContext('direct', 'example')),
  );
  function call(method: string, path: string, input: object = {}, context = newContext('direct', 'test')): Promise<unknown> {
    const route = routes.find((each: Route) => each.endpoint.method === method && each.path === path);
    if (!route) throw new Error(`No route ${method} ${path}.`);
    return dispatch(operations, route, input, context);
  }
  const request: ParsedInput<'model', 'swapWeights'> = {
    source: { kind: 'bundled', id: 'tiny' },
    execution_provider: 'auto',
    compute_dtype: 'auto',
    cache: false,
    stream: false,
  };
  return {
    host,
    model,
    code,
    patching,
    leftOut,
    checker,
    call,
    load: async () => void (await model.swapWeights(request, newContext('direct', 'load'))),
  };
}
