/** The resources there are, built-in and made by the user, with the revisions of each, kept in a store. */
import { ApiError } from '../../contract/index.ts';
import type { Provider } from '../../ports/provider.ts';
import { CATALOGUE, type Definition } from './catalogue.ts';
import type { Language } from './compiled-module.ts';
import { isScript, SCRIPT_LANGUAGES } from './kinds/index.ts';
import { type KeptResource, type Revision, revisionIdOf, type RevisionStore } from './revision.ts';

/** Revisions kept of one resource; the oldest go. */
const MAX_REVISIONS = 200;

/** One version, the built-in one included. */
export interface Version extends Omit<Revision, 'createdAt'> {
  builtIn: boolean;
  createdAt: string | null;
}

export class RevisionHistory {
  readonly #store: RevisionStore;
  readonly #provider: () => Provider;
  readonly #kept: Promise<Map<string, KeptResource>>;
  readonly #builtInIds = new Map<string, string>();

  /** @param provider of the active model, whose built-in versions are shown */
  constructor(store: RevisionStore, provider: () => Provider) {
    this.#store = store;
    this.#provider = provider;
    // Where nothing can be kept, the history ends with the page.
    this.#kept = store.list().then(
      (all) => new Map(all.map((each) => [each.id, each])),
      () => new Map<string, KeptResource>(),
    );
  }

  definition(id: string): Definition | null {
    return CATALOGUE.find((each) => each.id === id) ?? null;
  }

  async ids(): Promise<string[]> {
    const own = [...(await this.#kept).keys()].filter(isScript);
    return [...CATALOGUE.map(({ id }) => id), ...own.toSorted()];
  }

  /** @throws ApiError not_found */
  async require(id: string): Promise<void> {
    const ids = await this.ids();
    if (!ids.includes(id))
      throw new ApiError(
        'not_found',
        `There is no code resource "${id}"; there are ${ids.join(', ')}. Scripts can be made as script.<name>.`,
      );
  }

  /** In which a resource can be written, the one that is meant where none is named first. */
  languages(id: string): Language[] {
    return [...(this.definition(id)?.languages ?? SCRIPT_LANGUAGES)];
  }

  /** Whether a resource that does not exist yet may be made. */
  canMake(id: string): boolean {
    return isScript(id);
  }

  /** Every version, the latest first and the built-in one last. */
  async versions(id: string): Promise<Version[]> {
    const kept = (await this.#kept).get(id)?.revisions ?? [];
    const own = kept.toReversed().map((revision): Version => ({ ...revision, builtIn: false }));
    const builtIn = await this.builtIn(id);
    return builtIn ? [...own.filter(({ revisionId }) => revisionId !== builtIn.revisionId), builtIn] : own;
  }

  async builtIn(id: string): Promise<Version | null> {
    const definition = this.definition(id);
    if (!definition) return null;
    const source = definition.builtIn(this.#provider());
    const language = definition.languages[0]!;
    let revisionId = this.#builtInIds.get(source);
    if (revisionId === undefined) this.#builtInIds.set(source, (revisionId = await revisionIdOf(language, source)));
    return { revisionId, language, source, message: 'Built in.', builtIn: true, createdAt: null };
  }

  /** @throws ApiError not_found for a revision that was never kept */
  async version(id: string, revisionId: string): Promise<Version> {
    const found = (await this.versions(id)).find((each) => each.revisionId === revisionId);
    if (found) return found;
    throw new ApiError('not_found', `${id} has no revision "${revisionId}"; GET /code/resources/${id}/revisions lists them.`);
  }

  async active(id: string): Promise<Version> {
    const revisionId = (await this.#kept).get(id)?.inForce ?? null;
    const builtIn = await this.builtIn(id);
    if (builtIn && (revisionId === null || revisionId === builtIn.revisionId)) return builtIn;
    return this.version(id, revisionId ?? '');
  }

  /** Notes that a revision has become active; a new one is kept. `null`: the built-in version. */
  async keep(id: string, revision: Revision | null): Promise<void> {
    await this.#write(id, revision, true);
  }

  /** Another kept revision is active; the history stays as it is. */
  async setActive(id: string, revisionId: string | null): Promise<void> {
    const resource = (await this.#kept).get(id);
    if (!resource || resource.inForce === revisionId) return;
    await this.#write(id, resource.revisions.find((each) => each.revisionId === revisionId) ?? null, false);
  }

  /**
   * What another tab has kept meanwhile stays; what it has deleted, but for the revision that is active here, is gone.
   * @param isLatest whether it goes to the end of the history
   */
  async #write(id: string, revision: Revision | null, isLatest: boolean): Promise<void> {
    const kept = await this.#kept;
    const active = revision?.revisionId ?? null;
    const change = (resource: KeptResource | undefined): KeptResource => {
      const revisions = resource?.revisions ?? [];
      const others = revisions.filter(({ revisionId }) => revisionId !== active);
      const isKept = !isLatest && others.length < revisions.length;
      return { id, revisions: revision && !isKept ? [...others, revision].slice(-MAX_REVISIONS) : revisions, inForce: active };
    };
    // Before anything is waited for: whoever asks meanwhile is told what is active.
    const here = change(kept.get(id));
    kept.set(id, here);
    const now = await this.#store.change(id, here, change).catch(() => here);
    if (kept.get(id) === here) kept.set(id, now);
  }

  /** @returns how many revisions are gone */
  async forget(id: string): Promise<number> {
    const kept = await this.#kept;
    const count = kept.get(id)?.revisions.length ?? 0;
    kept.delete(id);
    await this.#store.delete(id).catch(() => {});
    return count;
  }

  /** What was active when the page was left, the built-in versions apart. */
  async patchedBefore(): Promise<{ id: string; title: string; revision: Revision }[]> {
    return [...(await this.#kept).values()].flatMap(({ id, revisions, inForce }) => {
      const revision = revisions.find(({ revisionId }) => revisionId === inForce);
      const definition = this.definition(id);
      return revision && definition ? [{ id, title: definition.title, revision }] : [];
    });
  }
}
