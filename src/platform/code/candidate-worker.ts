/** A worker of the browser as the checker of candidates sees it; one that dies for want of memory says so by an error event. */

interface CandidateWorker<Request, Message> {
  postMessage(request: Request): void;
  onMessage(listener: (message: Message) => void): void;
  onError(listener: (reason: string) => void): void;
  terminate(): void;
}

export function candidateWorker<Request, Message>(worker: Worker): CandidateWorker<Request, Message> {
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
