/** The ways in which a model folder can fail to become a model that runs here, so that the model service can turn each into the right problem. */
import type { Provider } from './provider.ts';

/** One thing that is wrong and where: a tensor, a key of the header, a file of the folder. */
export interface WeightsErrorItem {
  path: string;
  message: string;
}

/** A file came, but what is in it is not usable. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
  constructor(
    readonly file: string,
    /** What is wrong and what was expected. */
    readonly detail: string,
    readonly items: readonly WeightsErrorItem[] = [],
    options?: ErrorOptions,
  ) {
    super(`${file}: ${detail}`, options);
  }
}

/** `address`: no URL to ask; `no_answer`: server, network or CORS; `status`: an error status; `page`: HTML instead of the file; `broken_off`: less came than promised. */
export type FetchFailure = 'address' | 'no_answer' | 'status' | 'page' | 'broken_off';

/** A file did not come. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  constructor(
    readonly file: string,
    readonly url: string,
    /** HTTP status; `null` where no answer came. */
    readonly status: number | null,
    readonly reason: FetchFailure,
    /** What came and what was expected. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${file} (${url}): ${detail}`, options);
  }
}

/** The provider cannot run here: no WebGPU adapter, no `shader-f16`, no memory for the pool. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  constructor(
    readonly provider: Provider,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
