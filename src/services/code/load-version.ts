/** From the source of a version to what it exports, watched, so that whoever waits for it knows whose it is. */
import { currentWork } from '../../engine/index.ts';
import { changedBy, sharedIntrinsics } from '../../environment/intrinsics.ts';
import { compileModule, instantiate } from './compile-module.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { Version } from './revision-history.ts';
import { watched, workOf } from './watched.ts';

/** A version that runs. */
export interface LoadedVersion {
  /** The default export. */
  exported: unknown;
  /** For when it is active no longer: what it does by itself ends. */
  end: () => void;
}

/**
 * Runs its top level anew. A shader is its source: the device compiles it.
 * @param compiled where it was compiled for a check
 * @throws Error where it changes what the whole worker runs on; that is put back
 */
export async function loadVersion(
  id: string,
  { revisionId, language, source }: Pick<Version, 'revisionId' | 'language' | 'source'>,
  compiled: CompiledModule | null = null,
): Promise<LoadedVersion> {
  if (language === 'wgsl') return { exported: source, end: () => {} };
  const module = compiled ?? (await compileModule(source, id, language));
  const work = workOf({ id, revisionId });
  const end = () => currentWork.end(work);
  const untouched = sharedIntrinsics();
  const loading = currentWork.throughout(work, () => instantiate(module));
  // At once, before anything else runs on what it changed; and again for what it did after a wait.
  const changedAtOnce = untouched.restore();
  const outcome = await loading.then(
    ({ default: exported }) => ({ exported: watched(exported, work), end }),
    (error: unknown) => ({ error }),
  );
  const changed = changedBy('Its top level', [...changedAtOnce, ...untouched.restore()]);
  if ('exported' in outcome && changed === null) return outcome;
  end();
  throw 'error' in outcome && changed === null ? outcome.error : new Error(changed!);
}
