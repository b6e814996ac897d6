/** The whole workbench in Node, as tests have it: over a model of their choice, with records that end with them. */
import { type CallContext, type Route, routes } from '../contract/index.ts';
import type { LeftOut } from '../contract/left-out.ts';
import { MemoryRecords } from '../environment/record-store.ts';
import { computationPlatform } from '../platform/computation/index.ts';
import type { ModelPlatform } from '../ports/model-platform.ts';
import type { CandidateWorker } from '../services/code/check/candidate-checker.ts';
import { dispatch, newContext } from '../transport/dispatch.ts';
import { createWorkbench, type WorkbenchOptions, type WorkbenchPorts } from '../workbench.ts';

/** It is warmed up when a model becomes active, and given nothing to check. */
const idleWorker = (): CandidateWorker => ({
  postMessage: () => {},
  onMessage: (listener) => void setTimeout(() => listener({ kind: 'ready' })),
  onError: () => {},
  terminate: () => {},
});

export const context = (signal?: AbortSignal): CallContext => newContext('direct', 'test', signal);

function routeAt(method: string, path: string): Route {
  const route = routes.find((each) => each.endpoint.method === method && each.path === path);
  if (!route) throw new Error(`There is no route ${method} ${path}.`);
  return route;
}

type Ports = Partial<Omit<WorkbenchPorts, 'records'>> & { models: ModelPlatform; records?: Partial<WorkbenchPorts['records']> };

/** @param ports those that a test is about; there is no disk and no checking of candidates unless they say so */
export function openWorkbench({ records, ...ports }: Ports, options: WorkbenchOptions = {}) {
  const leftOut: LeftOut[] = [];
  const workbench = createWorkbench(
    {
      ...{ computation: computationPlatform, spawnCandidate: idleWorker },
      openDisk: () => Promise.reject(new Error('There is no private file system here.')),
      ...ports,
      records: {
        resources: new MemoryRecords(),
        plans: new MemoryRecords(),
        experiments: new MemoryRecords(),
        tokens: new MemoryRecords(),
        ...records,
      },
    },
    { onLeftOut: (each) => leftOut.push(each), ...options },
  );
  const { operations } = workbench;
  return {
    ...workbench,
    /** What was active and is no longer, though nobody took it back. */
    leftOut: leftOut as readonly LeftOut[],
    call: (method: string, path: string, input: object = {}, called = context()): Promise<unknown> =>
      dispatch(operations, routeAt(method, path), input, called),
    /** Makes the model active that the platform has. */
    load: async (): Promise<void> =>
      void (await dispatch(operations, routeAt('PUT', '/model/weights'), { source: { kind: 'bundled', id: 'default' } }, context())),
  };
}

export type TestWorkbench = ReturnType<typeof openWorkbench>;
