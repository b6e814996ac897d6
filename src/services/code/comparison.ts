/** Two versions of a resource on one prompt: which they are, and what the comparer is to run for each. */
import { ApiError, type CallContext, type Output, type ParsedInput } from '../../contract/index.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { kindOf, KINDS } from './kinds/index.ts';
import { type LoadedVersion, loadVersion } from './load-version.ts';
import type { RevisionHistory, Version } from './revision-history.ts';
import type { ComparedVersion, VersionComparer } from './version-comparer.ts';

/** On a runner of its own: what is active goes on. */
export async function compareVersions(
  input: ParsedInput<'code', 'compareVersions'>,
  { signal }: CallContext,
  { active, history, comparer }: { active: ActiveModel; history: RevisionHistory; comparer: VersionComparer },
): Promise<Output<'code', 'compareVersions'>> {
  const { id } = input;
  await history.require(id);
  if (!kindOf(id)?.changes) {
    const comparable = KINDS.filter(({ changes }) => changes).map((kind) => kind.id);
    throw new ApiError('conflict', `${id} changes no text: only ${comparable.join(', ')} can be compared on a prompt.`);
  }
  const model = active.required;
  const after = input.revision_id === undefined ? await history.active(id) : await history.version(id, input.revision_id);
  const before = input.base_revision_id === undefined ? await history.builtIn(id) : await history.version(id, input.base_revision_id);
  const loaded: LoadedVersion[] = [];
  const codeOf = async (version: Version): Promise<ComparedVersion> => {
    const { revisionId, builtIn } = version;
    if (builtIn) return { revisionId, ...active.codeWith(id, null) };
    const patch = await loadVersion(id, version);
    loaded.push(patch);
    return { revisionId, ...active.codeWith(id, { revisionId, ...patch }) };
  };
  const versions = [await codeOf(before!), await codeOf(after)];
  const others = Object.entries(active.revisions()).filter(([other]) => other !== id && kindOf(other)?.changes);
  const [first, second] = await comparer.compare(model, versions, input, signal).finally(() => loaded.forEach(({ end }) => end()));
  return { id, before: first!, after: second!, other_revisions: Object.fromEntries(others) };
}
