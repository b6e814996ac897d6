/** A version of a code resource, named by its contents, and where versions are kept. */
import type { RecordStore } from '../../environment/record-store.ts';
import { sha256 } from '../../environment/sha256.ts';
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
  /** Those that became active, the latest last. */
  revisions: Revision[];
  /** `null`: the built-in version. */
  inForce: string | null;
}

export type RevisionStore = RecordStore<KeptResource>;

const HEX_DIGITS = 16;

/** SHA-256 over language and source, shortened. */
export async function revisionIdOf(language: Language, source: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(`${language}\n${source}`))).slice(0, HEX_DIGITS);
}
