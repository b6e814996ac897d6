/** From the source of a version to what it exports, watched, so that whoever waits for it knows whose it is. */
import { currentWork } from '../../engine/index.ts';
import { compileModule, instantiate } from './compile-module.ts';
import type { CompiledModule } from './compiled-module.ts';
import type { Version } from './revision-history.ts';
import { watched, workOf } from './watched.ts';

/**
 * Runs its top level anew. A shader is its source: the device compiles it.
 * @param compiled where it was compiled for a check
 * @returns the default export
 */
export async function loadVersion(
  id: string,
  { revisionId, language, source }: Pick<Version, 'revisionId' | 'language' | 'source'>,
  compiled: CompiledModule | null = null,
): Promise<unknown> {
  if (language === 'wgsl') return source;
  const module = compiled ?? (await compileModule(source, id, language));
  const work = workOf({ id, revisionId });
  return watched((await currentWork.throughout(work, () => instantiate(module))).default, work);
}
