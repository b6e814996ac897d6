/** The disk tier: KV blocks in one file of the origin private file system. */
import type { BlockStore } from '../engine/index.ts';
import { originRoot } from '../environment/origin-files.ts';

interface SyncAccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  close(): void;
}

const FILE = 'kv-blocks.bin';
let open: SyncAccessHandle | null = null;

/** Opens the file anew; one store is in use at a time. Rejects where the browser has no such file system or denies it. */
export async function openOpfsBlockStore(): Promise<BlockStore> {
  const directory = await originRoot();
  if (typeof directory === 'string') throw new Error(`${directory}.`);
  const file = (await directory.getFileHandle(FILE, { create: true })) as FileSystemFileHandle & {
    createSyncAccessHandle(): Promise<SyncAccessHandle>;
  };
  open?.close();
  open = null;
  const handle = await file.createSyncAccessHandle();
  open = handle;
  handle.truncate(0);
  /** Bytes of a block; another model has others, and nothing of the old one is read again. */
  let stride = 0;
  return {
    name: 'disk',
    async write(slot, bytes) {
      stride = bytes.byteLength;
      const written = handle.write(bytes, { at: slot * stride });
      // Chromium gives a full disk's error code as a huge count.
      if (written > stride) throw new Error(`The disk refused a block of ${stride} bytes: the browser's storage for this site is full.`);
      if (written < stride) throw new Error(`The disk took ${written} of a block's ${stride} bytes: it is full.`);
    },
    async read(slot) {
      const bytes = new Uint8Array(stride);
      const read = handle.read(bytes, { at: slot * stride });
      if (read !== stride) throw new Error(`The disk gave ${read} of a block's ${stride} bytes.`);
      return bytes;
    },
  };
}
