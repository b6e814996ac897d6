/** A version of a code resource, named by its contents, and where versions are kept. */
import type { Language } from './compiled-module.ts';

export interface Revision {
  revisionId: string;
  language: Language;
  source: string;
  message: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Everything kept of one resource. */
export interface KeptResource {
  id: string;
  /** Those that took force, the latest last. */
  revisions: Revision[];
  /** `null`: the built-in version. */
  inForce: string | null;
}

/** Outlives a reload of the page. */
export interface RevisionStore {
  load(): Promise<KeptResource[]>;
  save(resource: KeptResource): Promise<void>;
  delete(id: string): Promise<void>;
}

/** Forgets with the page. */
export class MemoryRevisionStore implements RevisionStore {
  readonly #kept = new Map<string, KeptResource>();

  async load(): Promise<KeptResource[]> {
    return structuredClone([...this.#kept.values()]);
  }

  async save(resource: KeptResource): Promise<void> {
    this.#kept.set(resource.id, structuredClone(resource));
  }

  async delete(id: string): Promise<void> {
    this.#kept.delete(id);
  }
}

const HEX_DIGITS = 16;

/** SHA-256 over language and source, shortened. */
export async function revisionIdOf(language: Language, source: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${language}\n${source}`)));
  return Array.from(digest.subarray(0, HEX_DIGITS / 2), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
