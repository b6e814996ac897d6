/** A worker that checks candidates, as the checker sees it: the page starts and ends it, and a port of its own leads to it. */
import type { DisposableWorker } from '../../ports/disposable-worker.ts';

interface Page {
  start(id: number, port: MessagePort): void;
  end(id: number): void;
  /** Of one that died by itself. */
  onDied(listener: (id: number, reason: string) => void): void;
}

/** @returns starts one */
export function candidateWorkers<Request, Message>(page: Page): () => DisposableWorker<Request, Message> {
  const listeners = new Map<number, (reason: string) => void>();
  page.onDied((id, reason) => listeners.get(id)?.(reason));
  let next = 1;
  return () => {
    const id = next++;
    const { port1: port, port2 } = new MessageChannel();
    page.start(id, port2);
    return {
      postMessage: (request) => port.postMessage(request),
      onMessage: (listener) => {
        port.addEventListener('message', ({ data }: MessageEvent<Message>) => listener(data));
        port.start();
      },
      onError: (listener) => listeners.set(id, listener),
      terminate: () => {
        listeners.delete(id);
        port.close();
        page.end(id);
      },
    };
  };
}
