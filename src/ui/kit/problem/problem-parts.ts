/** A problem said once: `detail` of an invalid input is its errors in a row, and other problems often repeat theirs. */
import { type ErrorCode, type ErrorItem, placeName, problemAt } from '../../../contract/index.ts';

interface Told {
  code: ErrorCode;
  /** `detail` of the document. */
  text: string;
  errors: readonly ErrorItem[];
}

export interface ProblemParts {
  /** Null where the items say it all. */
  text: string | null;
  items: readonly ErrorItem[];
}

export function problemParts({ code, text, errors }: Told): ProblemParts {
  if (errors.length > 0 && (code === 'validation_failed' || text === problemAt(code, errors).message)) return { text: null, items: errors };
  const bare = (sentence: string) => sentence.replace(/\.$/, '');
  return { text, items: errors.filter(({ message }) => !text.includes(bare(message))) };
}

/** `max_new_tokens must be at least 1; it is −5.` */
export const faultSentence = ({ path, message }: ErrorItem): string => `${path.startsWith('/') ? placeName(path) : path} ${message}`.trim();

/** So many sentences a field says; a list of a thousand wrong numbers is told by its first. */
const SAID = 4;

/** Each once, the first few as they are, the others as a number. */
export function fewOf(sentences: readonly string[]): string {
  const all = [...new Set(sentences)];
  const more = all.length - SAID;
  return [...all.slice(0, SAID), ...(more > 0 ? [`${more} more ${more === 1 ? 'fault' : 'faults'} here.`] : [])].join(' ');
}
