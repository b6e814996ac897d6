/** What the worker tells the page by itself, so that the page can say it, keep it, or start another worker with it. */
import { currentWork } from './engine/current-work.ts';
import { holdLock } from './environment/locks.ts';
import { onHeld } from './environment/record-store.ts';
import { refusals } from './environment/refusals.ts';
import { canTransferStreams } from './environment/transfer-streams.ts';
import type { PulseToPage } from './transport/direct/protocol.ts';
import type { Workbench } from './workbench.ts';
import type { WorkerMessage } from './worker-messages.ts';

type Tell = (message: WorkerMessage | PulseToPage) => void;

/** From the first moment on, before any patch can run. */
export function reportWork(tell: Tell, lock: string): void {
  onHeld((change) => tell({ kind: 'held', change }));
  holdLock(lock, () => tell({ kind: 'locked' }));
  currentWork.watch((work) => tell({ kind: 'doing', work }));
}

export function reportWorkbench(tell: Tell, { active, sorted }: Workbench, threads: number): void {
  active.onChanged(() => tell({ kind: 'patched', patched: active.patched }));
  void sorted.then(() => tell({ kind: 'sorted' }));
  refusals.subscribe(() => tell({ kind: 'refusals', refusals: refusals.get() }));
  tell({ kind: 'hello', threads, streamsTransfer: canTransferStreams() });
}
