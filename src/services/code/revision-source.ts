/** Versions of code for whoever runs them beside what is active: what is patched now, and any revision that is kept. */
import type { ActiveModel } from '../serving/active-model.ts';
import { loadVersion } from './load-version.ts';
import type { RevisionHistory } from './revision-history.ts';

export class RevisionSource {
  constructor(
    private readonly active: ActiveModel,
    private readonly history: RevisionHistory,
    private readonly restored: Promise<void>,
  ) {}

  /** Of what is patched, by resource. */
  activeRevisions(): Readonly<Record<string, string>> {
    return this.active.revisions();
  }

  /** A kept revision or the built-in one. @throws ApiError not_found */
  async revision(id: string, revisionId: string) {
    await this.restored;
    await this.history.require(id);
    const version = await this.history.version(id, revisionId);
    const variants = this.history.definition(id)?.variants ?? [];
    return {
      ...{ revisionId, builtIn: version.builtIn },
      variant: variants.find(({ source }) => source === version.source)?.name ?? null,
      load: async () => (await loadVersion(id, version)).exported,
    };
  }
}
