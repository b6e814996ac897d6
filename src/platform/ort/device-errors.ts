/** What the GPU refuses, it refuses in silence: the work is left out and the numbers are zeros. It is told here, to be asked for after each step. */

export class DeviceErrors {
  #first: string | null = null;

  /** @param device the runtime's; its `uncapturederror` events come before what is read back after the fault */
  constructor(device: Pick<GPUDevice, 'addEventListener'>) {
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#first ??= error.message;
    });
  }

  /** The first error since the last call, which it forgets. */
  take(): string | null {
    const first = this.#first;
    this.#first = null;
    return first;
  }
}
