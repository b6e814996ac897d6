/** A worker that is thrown away after its work, as far as whoever starts it needs to know. */
export interface DisposableWorker<Request, Message> {
  postMessage(request: Request): void;
  onMessage(listener: (message: Message) => void): void;
  /** Told when the worker died by itself, such as from want of memory. */
  onError(listener: (reason: string) => void): void;
  terminate(): void;
}
