/** A cached file can rot: one that turns out bad is fetched again before anyone is told. */
import type { FileKind } from './file-content.ts';
import type { Folder, FolderFile, OnBytes } from './folder.ts';

export interface Checked<T> {
  value: T;
  found: FolderFile;
}

/** A file and what `check` made of it; `check` throws where the content is bad. `null` where an optional file is not there. */
export async function readChecked<T>(
  folder: Folder,
  file: string,
  kind: FileKind,
  need: 'required',
  check: (bytes: Uint8Array<ArrayBuffer>) => T,
  onBytes?: OnBytes,
): Promise<Checked<T>>;
export async function readChecked<T>(
  folder: Folder,
  file: string,
  kind: FileKind,
  need: 'required' | 'optional',
  check: (bytes: Uint8Array<ArrayBuffer>) => T,
  onBytes?: OnBytes,
): Promise<Checked<T> | null>;
export async function readChecked<T>(
  folder: Folder,
  file: string,
  kind: FileKind,
  need: 'required' | 'optional',
  check: (bytes: Uint8Array<ArrayBuffer>) => T,
  onBytes?: OnBytes,
): Promise<Checked<T> | null> {
  const found = await folder.read(file, kind, need, onBytes);
  if (!found) return null;
  try {
    return { value: check(found.bytes), found };
  } catch (error) {
    if (!found.fromCache) throw error;
  }
  await found.forget();
  const again = await folder.read(file, kind, need, onBytes);
  return again && { value: check(again.bytes), found: again };
}
