/** The model that a worker begins with: the one that served last, where its files are kept, else the default one. */
import { ApiError, type CallContext } from '../../contract/index.ts';
import type { ModelService } from './index.ts';
import type { StartRequest } from '../../ports/model-platform.ts';

const DEFAULT: StartRequest = {
  source: { kind: 'bundled', id: 'default' },
  execution_provider: 'auto',
  compute_dtype: 'auto',
  cache: false,
  stream: false,
};

/** How a load that fails ends its reason; here there was nothing yet to be replaced. */
const UNTOUCHED = / Nothing was replaced\.$/;

/**
 * Never rejects: `GET /model/info` tells what failed.
 * @param remembered makes the request for the one that served last; what it throws is a reason not to load it
 * @param signal stops that load; the default model takes its place
 */
export async function startModel(
  model: ModelService,
  remembered: (() => StartRequest) | null,
  newContext: (signal?: AbortSignal) => CallContext,
  { signal, onGivenUp }: { signal: AbortSignal; onGivenUp: (why: string) => void },
): Promise<void> {
  if (remembered) {
    try {
      await model.swapWeights({ ...remembered(), stream: false, keptOnly: true }, newContext(signal));
      return;
    } catch (error) {
      onGivenUp(ApiError.from(error).message.replace(UNTOUCHED, ''));
    }
  }
  await Promise.resolve(model.swapWeights(DEFAULT, newContext())).catch(() => {});
}
