/** The few ways the engine refuses or fails; services translate them, each carries its numbers. */
export { messageOf } from '../environment/thrown.ts';

/** The bounded queue is full; try again when requests have ended. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
  constructor(
    readonly waiting: number,
    readonly limit: number,
  ) {
    super(`The queue is full: ${waiting} requests wait and the limit is ${limit}.`);
  }
}

export type InfeasibleReason = 'empty_prompt' | 'token_out_of_range' | 'context_exceeded' | 'out_of_blocks' | 'invalid_parameter';

/** No schedule could ever serve the request. */
export class InfeasibleRequestError extends Error {
  override readonly name = 'InfeasibleRequestError';
  constructor(
    readonly reason: InfeasibleReason,
    message: string,
    /** What the request needs, and what there is at most, in the unit of the reason (tokens, blocks, a token id). */
    readonly needed: number,
    readonly available: number,
  ) {
    super(message);
  }
}

/** A change of the configuration that the live state does not allow; nothing was changed. */
export class ConfigConflictError extends Error {
  override readonly name = 'ConfigConflictError';
  constructor(
    /** Of the configuration. */
    readonly field: string,
    /** What can be said of it: `must be at least 4: so many blocks are in use; it is 2.` */
    readonly reason: string,
    /** Which one in it. */
    readonly part: string | null = null,
  ) {
    super(`${field}${part === null ? '' : `.${part}`} ${reason}`);
  }
}

export class UnknownGenerationError extends Error {
  override readonly name = 'UnknownGenerationError';
  constructor(readonly id: string) {
    super(`No generation "${id}" is known.`);
  }
}

export class DuplicateGenerationError extends Error {
  override readonly name = 'DuplicateGenerationError';
  constructor(readonly id: string) {
    super(`A generation "${id}" is under way; the id can be used again when it has ended.`);
  }
}

/** The generation ended before it could be cancelled. */
export class GenerationFinishedError extends Error {
  override readonly name = 'GenerationFinishedError';
  constructor(
    readonly id: string,
    readonly finishReason: string,
  ) {
    super(`Generation "${id}" has already ended (${finishReason}).`);
  }
}

export class OutOfBlocksError extends Error {
  override readonly name = 'OutOfBlocksError';
  constructor(
    readonly needed: number,
    /** Free and cached blocks: all that could be handed out now. */
    readonly available: number,
    readonly total: number,
  ) {
    super(`${needed} KV blocks are needed; ${available} of ${total} are free.`);
  }
}

export class DuplicateAllocationError extends Error {
  override readonly name = 'DuplicateAllocationError';
  constructor(readonly id: string) {
    super(`An allocation "${id}" already holds blocks; the id can be used again when it was freed.`);
  }
}

export class UnknownAllocationError extends Error {
  override readonly name = 'UnknownAllocationError';
  constructor(readonly id: string) {
    super(`No allocation "${id}" holds blocks.`);
  }
}

/** The runner failed for good; `replaceRunner` brings the engine back. */
export class EngineFailedError extends Error {
  override readonly name = 'EngineFailedError';
  constructor(reason: string) {
    super(`The engine has no working runner: ${reason}`);
  }
}

/** The model gave logits of which no token can be drawn. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError';
}

/** Patched code (a policy, an eviction rule, a sampler, a token hook) threw or gave nonsense. */
export class PatchedCodeError extends Error {
  override readonly name = 'PatchedCodeError';
  constructor(
    readonly resource: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
