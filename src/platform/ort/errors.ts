/** How running a model can fail, beyond what its config, weights and graph code can be (see `engine/graph/errors.ts`). */

/** The runtime refused the graph or failed while running it. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
}

/** The GPU device is gone and with it every key and value in the pool; sequences must be computed again. The next step builds a new device. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** A row of a batch that cannot be run as it is. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
}
