/** A version of a code resource, named by its contents, and where versions are kept. */
import { contract } from '../../contract/index.ts';
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
  /** The active revision, by the name that browsers have kept it under; `null`: the built-in version. */
  inForce: string | null;
}

/** For what lies in the browser's storage. */
export function isKeptResource(kept: unknown): kept is KeptResource {
  const { id, revisions, inForce } = Object(kept) as Partial<KeptResource>;
  return (
    typeof id === 'string' && (inForce === null || typeof inForce === 'string') && Array.isArray(revisions) && revisions.every(isRevision)
  );
}

const isLanguage = (kept: unknown): kept is Language => contract.code.endpoints.resource.output.shape.language.safeParse(kept).success;

function isRevision(kept: unknown): kept is Revision {
  const { revisionId, language, source, message, createdAt } = Object(kept) as Partial<Revision>;
  const texts = [revisionId, source, message, createdAt];
  return texts.every((each) => typeof each === 'string') && isLanguage(language) && !Number.isNaN(Date.parse(createdAt!));
}

export type RevisionStore = RecordStore<KeptResource>;

const HEX_DIGITS = 16;

/** SHA-256 over language and source, shortened. */
export async function revisionIdOf(language: Language, source: string): Promise<string> {
  return (await sha256(new TextEncoder().encode(`${language}\n${source}`))).slice(0, HEX_DIGITS);
}
