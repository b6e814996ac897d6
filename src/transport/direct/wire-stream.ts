/** A body that comes piece by piece from the worker, and that ends with the problem as its last event where the worker ends first. */
import type { Problem } from '../../contract/index.ts';
import { eventFrame } from '../rest/sse.ts';

export class WireStream {
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #isOpen = true;
  readonly body: ReadableStream<Uint8Array>;

  /** @param onCancel the reader has left */
  constructor(onCancel: () => void) {
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.#isOpen = false;
        onCancel();
      },
    });
  }

  write(bytes: Uint8Array): void {
    if (this.#isOpen) this.#controller.enqueue(bytes);
  }

  end(): void {
    if (this.#isOpen) this.#controller.close();
    this.#isOpen = false;
  }

  fail(problem: Problem): void {
    this.write(eventFrame({ event: 'error', data: problem }));
    this.end();
  }
}
