/** The model that the worker begins with, so that the page shows real inference the moment it opens; a failure is told by GET /model/info. */
import { routeAt } from './client/address.ts';
import type { PagePort } from './page-port.ts';
import type { StartRequest } from './ports/model-platform.ts';
import type { ModelService } from './services/model/index.ts';
import { startModel } from './services/model/starting-model.ts';
import { newContext, validateInput } from './transport/dispatch.ts';
import type { BeginWithDefault, ModelRequest, WorkerGivesUp, WorkerSwapped } from './worker-messages.ts';

/** @param remembered of the last visit; `null` for the default model */
export function loadFirstModel(
  model: ModelService,
  remembered: ModelRequest | null,
  scope: Pick<PagePort, 'addEventListener'>,
  tell: (message: WorkerSwapped | WorkerGivesUp) => void,
): void {
  let isStart = true;
  model.onSwapped = (id, { source, ...rest }) => {
    const request = { ...rest, source: source.kind === 'upload' ? { ...source, files: [] } : source };
    tell({ kind: 'swapped', model: id, request, isStart });
  };
  const wish = new AbortController();
  scope.addEventListener('message', ({ data }: MessageEvent<BeginWithDefault | null>) => {
    if (data?.kind === 'begin with default') wish.abort();
  });
  const validate = (input: unknown) => validateInput(routeAt('PUT', 'model', 'weights'), input) as unknown as StartRequest;
  void startModel(model, remembered && (() => validate(remembered)), (signal) => newContext('direct', 'start', signal), {
    signal: wish.signal,
    onGivenUp: (why) => tell({ kind: 'gives up', why, isWish: wish.signal.aborted }),
  }).then(() => (isStart = false));
}
