/** What the build tells the service worker: its version, its files and the endpoints of the API. */

export interface Build {
  /** Names the whole of the files: another file, another version. */
  version: string;
  files: readonly BuildFile[];
  routes: readonly RouteSummary[];
}

/** Kept for a visit without a network: what every visit needs, then what some need; the last only once it was used. */
export type Keeping = 'first' | 'later' | 'on use';

export interface BuildFile {
  /** Below the site's folder, without a slash at its start. */
  path: string;
  /** SHA-256, hex. */
  hash: string;
  bytes: number;
  keeping: Keeping;
}

export interface RouteSummary {
  method: string;
  /** With `{parameters}`, a slash at its start. */
  path: string;
  /** Of the explorer: `tokenizer/tokenize`. */
  operation: string;
  summary: string;
}

/** The element of the page that names the version of its build. */
export const VERSION_META = 'glassbox-version';
