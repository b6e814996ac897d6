/** A worker of the browser as a disposable one; one that dies for want of memory says so by an error event. */
import type { DisposableWorker } from '../../ports/disposable-worker.ts';

export function candidateWorker<Request, Message>(worker: Worker): DisposableWorker<Request, Message> {
  return {
    postMessage: (request) => worker.postMessage(request),
    onMessage: (listener) => worker.addEventListener('message', ({ data }: MessageEvent<Message>) => listener(data)),
    onError: (listener) =>
      worker.addEventListener('error', ({ message }) =>
        listener(message || 'it ended without a word, as when its code can not be fetched or memory runs out.'),
      ),
    terminate: () => worker.terminate(),
  };
}
