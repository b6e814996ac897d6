/** Why a load failed, as the right problem; the active model is untouched whatever the reason. */
import { ApiError, type ErrorCode, type ErrorItem, problemAt } from '../../contract/index.ts';
import { ConfigError, GraphError, WeightsError as MisfitError } from '../../engine/graph/index.ts';
import { TokenizerError } from '../../engine/text/tokenizer.ts';
import { TrialError } from '../../engine/trial-run.ts';
import { FetchError, ProviderError, WeightsError } from '../../ports/load-errors.ts';

/** @param source what was to be loaded */
export function loadProblem(error: unknown, source: { kind: string }): ApiError {
  if (error instanceof ApiError) return error;
  if (source.kind === 'bundled' && error instanceof FetchError) {
    const { file, url, detail, reason } = error;
    // A host without the folder answers 404, or with the page itself.
    if (file === 'config.json' && (reason === 'status' || reason === 'page'))
      return problemAt('upstream_failed', [
        { path: '/source/id', message: `names no folder of a model on this site, as default does. ${url}: ${detail}` },
      ]);
  }
  const serving = 'Nothing was replaced.';
  const problem = (code: ErrorCode, detail: string, items: readonly ErrorItem[] = []) =>
    new ApiError(code, `${detail} ${serving}`, items, { cause: error });
  if (error instanceof DOMException && error.name === 'AbortError') return problem('cancelled', 'The load was cancelled.');
  if (error instanceof TokenizerError)
    return problem('tokenizer_invalid', `tokenizer.json: ${error.message}`, [
      { path: `tokenizer.json: ${error.part}`, message: error.reason },
    ]);
  if (error instanceof ConfigError)
    return problem('weights_invalid', error.message, [{ path: `config.json: ${error.field}`, message: error.message }]);
  if (error instanceof MisfitError)
    return problem(
      'weights_invalid',
      error.message,
      error.problems.map(({ tensor, kind, expected, got }) => ({ path: tensor, message: `${kind}: expected ${expected}, got ${got}.` })),
    );
  if (error instanceof FetchError) return problem('upstream_failed', error.message, [{ path: error.file, message: error.message }]);
  if (error instanceof WeightsError) return problem('weights_invalid', error.message, error.items);
  if (error instanceof ProviderError) return problem('conflict', error.message);
  if (error instanceof GraphError) return problem('code_invalid', error.message);
  if (error instanceof TrialError) return problem('weights_invalid', error.message);
  return ApiError.from(error);
}
