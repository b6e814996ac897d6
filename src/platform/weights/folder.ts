/** What the loader asks of a model folder, wherever it lies. */
import type { FileKind } from './file-content.ts';

export interface FolderFile {
  bytes: Uint8Array<ArrayBuffer>;
  fromCache: boolean;
  /** SHA-256 (hex), known of weights from the cache. */
  sha256: string | null;
  /** Keeps the file for the next time; called once its content was found good. Never rejects. */
  keep(sha256: string | null): Promise<void>;
  /** Takes it out of the cache, because its content was found bad. Never rejects. */
  forget(): Promise<void>;
}

export type OnBytes = (loaded: number, total: number | null) => void;

export interface Folder {
  readonly id: string;
  /** For people. */
  readonly source: string;
  /** Address that ends with a slash; `null` of uploaded files. */
  readonly url: string | null;
  /** What went not quite right, such as a cache that is full. */
  readonly warnings: ReadonlySet<string>;
  /** Why optional files that were asked for are not there, by file. */
  readonly missing: ReadonlyMap<string, Error>;
  /**
   * A file, or `null` where an optional one is not there.
   * @throws FetchError, WeightsError
   */
  read(file: string, kind: FileKind, need: 'required' | 'optional', onBytes?: OnBytes): Promise<FolderFile | null>;
  /** Paths of the files below a path that ends with a slash; null where nobody can say. */
  list(below: string): readonly string[] | null;
  /** Whether there is such a file, without fetching it. */
  has(file: string): Promise<boolean>;
  /** Bytes of a file, where that is known without fetching it. */
  size(file: string): Promise<number | null>;
}
