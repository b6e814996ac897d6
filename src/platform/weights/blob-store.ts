/** Named blobs that outlive the page: the cache needs no more of a file system than this, and tests keep them in memory. */

/** Blobs up to this size are replaced as a whole: what points to others, and is written anew while others read it. */
export const WHOLE_BYTES = 1 << 20;

export interface BlobStore {
  names(): Promise<string[]>;
  /** The whole blob, or `null` where there is none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Of a blob below `WHOLE_BYTES` a reader in another tab finds the old or the new one, never a part. Rejects with a DOMException `QuotaExceededError` when there is no room; may then leave a part behind. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>;
  /** About how many bytes more there is room for; `null` where nobody knows. */
  freeBytes(): Promise<number | null>;
}

/** Blobs in memory, up to `capacityBytes`. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  constructor(readonly capacityBytes = Number.POSITIVE_INFINITY) {}

  async names(): Promise<string[]> {
    return [...this.#blobs.keys()];
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#blobs.get(name)?.slice() ?? null;
  }

  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const more = bytes.byteLength - (this.#blobs.get(name)?.byteLength ?? 0);
    if (more > (await this.freeBytes())) throw new DOMException('The store is full.', 'QuotaExceededError');
    this.#blobs.set(name, bytes.slice());
  }

  async remove(name: string): Promise<void> {
    this.#blobs.delete(name);
  }

  async freeBytes(): Promise<number> {
    let free = this.capacityBytes;
    for (const blob of this.#blobs.values()) free -= blob.byteLength;
    return free;
  }
}
