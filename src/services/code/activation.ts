/** Makes a version of a code resource active, and says as a problem why one could not be. */
import { ApiError } from '../../contract/index.ts';
import { messageOf } from '../../engine/index.ts';
import { CodeMissingError } from '../../environment/load-code.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { NotPatchableError } from '../serving/fit-fragments.ts';
import type { CompiledModule } from './compiled-module.ts';
import { type LoadedVersion, loadVersion } from './load-version.ts';
import type { Version } from './revision-history.ts';

/** @throws ApiError conflict, code_invalid, internal; the version before then goes on */
export async function activate(
  active: ActiveModel,
  id: string,
  version: Pick<Version, 'revisionId' | 'language' | 'source'>,
  compiled: CompiledModule | null = null,
): Promise<void> {
  let loaded: LoadedVersion | null = null;
  try {
    loaded = await loadVersion(id, version, compiled);
    await active.putCode(id, { revisionId: version.revisionId, ...loaded });
  } catch (error) {
    loaded?.end();
    if (error instanceof NotPatchableError) throw new ApiError('conflict', error.message, [], { cause: error });
    const message = messageOf(error);
    const detail = `${id} could not become active, and the version before it goes on: ${message}`;
    // What did not come is no fault of the source's.
    if (error instanceof CodeMissingError) throw new ApiError('internal', detail, [], { cause: error });
    throw new ApiError('code_invalid', detail, [{ path: 'source', message }], { cause: error });
  }
}
