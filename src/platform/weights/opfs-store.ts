/** The blob store of a browser: one folder of the origin private file system (https://fs.spec.whatwg.org). */
import { messageOf } from '../../environment/thrown.ts';
import { freeBytes, originRoot } from '../../environment/origin-files.ts';
import { type BlobStore, WHOLE_BYTES } from './blob-store.ts';

/** What dedicated workers have beside the asynchronous calls; the DOM library does not know it. */
interface SyncAccessHandle {
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}
type FileHandle = FileSystemFileHandle & {
  createSyncAccessHandle?: () => Promise<SyncAccessHandle>;
};

const READ_ATTEMPTS = 4;
/** Bytes per synchronous call. */
const SLICE_BYTES = 32 << 20;

/** The store, or the reason why there is none (no secure context, private window, denied). */
export async function openOpfsStore(folder = 'weights'): Promise<OpfsStore | string> {
  const root = await originRoot();
  if (typeof root === 'string') return root;
  try {
    return new OpfsStore(await root.getDirectoryHandle(folder, { create: true }));
  } catch (error) {
    return messageOf(error);
  }
}

export class OpfsStore implements BlobStore {
  constructor(private readonly directory: FileSystemDirectoryHandle) {}

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.directory.keys()) names.push(name);
    return names;
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    let handle: FileHandle;
    try {
      handle = await this.directory.getFileHandle(name);
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
    for (let left = READ_ATTEMPTS; ; left--) {
      try {
        // As fast as a synchronous handle on disk, several times faster in private windows, and no lock that another tab could hold.
        return new Uint8Array(await (await handle.getFile()).arrayBuffer());
      } catch (error) {
        if (isNotFound(error)) return null;
        // Another tab replaced it between the two calls.
        if (left === 1 || !(error instanceof DOMException && error.name === 'NotReadableError')) throw error;
      }
    }
  }

  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const handle: FileHandle = await this.directory.getFileHandle(name, { create: true });
    // A stream's bytes take the place of the old ones at its end, all at once; a synchronous handle is the faster one for what is large.
    const isWhole = bytes.byteLength <= WHOLE_BYTES && typeof handle.createWritable === 'function';
    const sync = isWhole ? null : await openSync(handle);
    if (!sync) {
      const writable = await handle.createWritable();
      try {
        await writable.write(bytes);
      } catch (error) {
        await writable.abort().catch(() => {});
        throw error;
      }
      return writable.close();
    }
    try {
      sync.truncate(0);
      for (let at = 0; at < bytes.byteLength;) {
        const written = sync.write(bytes.subarray(at, at + SLICE_BYTES), { at });
        if (written === 0) throw new DOMException(`No room beyond ${at} bytes.`, 'QuotaExceededError');
        at += written;
      }
      sync.flush();
    } finally {
      sync.close();
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await this.directory.removeEntry(name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  freeBytes(): Promise<number | null> {
    return freeBytes();
  }
}

/** A synchronous handle where there is one (dedicated workers) and nobody else holds the file. */
async function openSync(handle: FileHandle): Promise<SyncAccessHandle | null> {
  if (!handle.createSyncAccessHandle) return null;
  try {
    return await handle.createSyncAccessHandle();
  } catch {
    return null;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
