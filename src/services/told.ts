/** Operations that tell before what they compute at one stretch: our own code may take long too, and is no endless loop. */
import { routes, type ServiceName } from '../contract/index.ts';
import { currentWork } from '../engine/index.ts';
import type { Work } from '../environment/work.ts';

/** One long piece of work of our own, where a call goes on after others had their turn. */
export const atWork = <T>(what: string, task: () => T): T => currentWork.within({ kind: 'service', what, patch: null }, task);

type Operation = (input: never, context: never) => unknown;
type Table<O extends Operation> = Readonly<Record<ServiceName, Readonly<Record<string, O>>>>;

/** The same table, for calls from the page. */
export function told<O extends Operation>(operations: Table<O>): Table<O> {
  const all = { ...operations };
  for (const { service, operation, endpoint, path } of routes) {
    const own = operations[service][operation]!;
    const kind = endpoint.method === 'GET' ? 'look' : 'service';
    const work: Work = { kind, what: `the call ${endpoint.method} ${path}`, patch: null };
    const call = (input: never, context: never) => currentWork.within(work, () => own(input, context));
    all[service] = { ...all[service], [operation]: call as O };
  }
  return all;
}
