/** The origin private file system (https://fs.spec.whatwg.org), where there is one and the browser lets this site have it. */
import { messageOf } from './thrown.ts';

/** Missing outside secure contexts, whatever the type says. */
const manager = (): Partial<StorageManager> | undefined => globalThis.navigator?.storage;

/** Its root, or the reason why there is none, as the end of a sentence. */
export async function originRoot(): Promise<FileSystemDirectoryHandle | string> {
  try {
    const storage = manager();
    if (typeof storage?.getDirectory !== 'function') {
      return globalThis.isSecureContext === false
        ? 'the browser gives files of its own only to sites at HTTPS or localhost'
        : 'the browser has no origin private file system here';
    }
    return await storage.getDirectory();
  } catch (error) {
    return messageOf(error).replace(/\.$/, '');
  }
}

/** Bytes that may still be written; `null` where the browser does not tell. */
export async function freeBytes(): Promise<number | null> {
  try {
    const { quota, usage } = (await manager()?.estimate?.()) ?? {};
    return quota === undefined || usage === undefined ? null : quota - usage;
  } catch {
    return null;
  }
}
