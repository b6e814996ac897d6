/** A model folder that the caller handed over: files by path, as Blobs or base64. */
import { counted } from '../../environment/counted.ts';
import { messageOf } from '../../environment/thrown.ts';
import { WeightsError } from '../../ports/load-errors.ts';
import { checkContent, EXPECTED, type FileKind, htmlPage } from './file-content.ts';
import type { Folder, FolderFile, OnBytes } from './folder.ts';

export interface UploadedFile {
  path: string;
  data: Blob | string;
}

export class UploadFolder implements Folder {
  readonly id: string;
  readonly source = 'upload';
  readonly url = null;
  readonly warnings = new Set<string>();
  readonly missing = new Map<string, Error>();
  readonly #files = new Map<string, Blob | string>();

  /** Paths may lie in a folder, as those of a chosen directory do: the topmost config.json tells which. */
  constructor(
    files: readonly UploadedFile[],
    private readonly signal?: AbortSignal,
  ) {
    const given = files.map(({ path, data }) => ({ path: path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, ''), data }));
    const configs = given.flatMap(({ path }) => (path === 'config.json' || path.endsWith('/config.json') ? [path] : []));
    const root = configs.toSorted((a, b) => a.split('/').length - b.split('/').length)[0]?.replace(/config\.json$/, '') ?? '';
    this.id = root.split('/').at(-2) ?? 'upload';
    for (const { path, data } of given) {
      if (!path.startsWith(root)) continue;
      const file = path.slice(root.length);
      if (this.#files.has(file)) throw new WeightsError(file, 'the upload has this file twice.');
      this.#files.set(file, data);
    }
  }

  async read(file: string, kind: FileKind, need: 'required' | 'optional', onBytes?: OnBytes): Promise<FolderFile | null> {
    this.signal?.throwIfAborted();
    const data = this.#files.get(file);
    if (data === undefined) {
      const error = new WeightsError(
        file,
        `is not among the ${counted(this.#files.size, 'uploaded file')} (${[...this.#files.keys()].slice(0, 10).join(', ')}); expected ${EXPECTED[kind]}.`,
      );
      if (need === 'required') throw error;
      this.missing.set(file, error);
      return null;
    }
    const bytes = typeof data === 'string' ? decodeBase64(data, file) : await readBlob(data, file);
    this.signal?.throwIfAborted();
    onBytes?.(bytes.byteLength, bytes.byteLength);
    const page = htmlPage(bytes, kind);
    if (page !== null) throw new WeightsError(file, `${page} was uploaded; expected ${EXPECTED[kind]}.`);
    checkContent(bytes, kind, file);
    return { bytes, fromCache: false, sha256: null, keep: async () => {}, forget: async () => {} };
  }

  list(below: string): readonly string[] {
    return [...this.#files.keys()].filter((file) => file.startsWith(below));
  }

  async has(file: string): Promise<boolean> {
    return this.#files.has(file);
  }

  async size(file: string): Promise<number | null> {
    const data = this.#files.get(file);
    if (data === undefined) return null;
    return typeof data === 'string' ? base64Size(data) : data.size;
  }
}

async function readBlob(blob: Blob, file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new WeightsError(file, `the uploaded file of ${blob.size} bytes could not be read: ${messageOf(cause)}`, [], { cause });
  }
}

/** Characters decoded at once: a multiple of four. */
const SLICE = 1 << 20;

const base64Size = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4);

/** In slices, so that no second string of the whole size is made. */
function decodeBase64(text: string, file: string): Uint8Array<ArrayBuffer> {
  const clean = /\s/.test(text) ? text.replaceAll(/\s/g, '') : text;
  const bytes = new Uint8Array(base64Size(clean));
  let at = 0;
  try {
    for (let start = 0; start < clean.length; start += SLICE) {
      const binary = atob(clean.slice(start, start + SLICE));
      for (let i = 0; i < binary.length; i++) bytes[at++] = binary.charCodeAt(i);
    }
  } catch (cause) {
    throw new WeightsError(file, 'the uploaded data is not base64.', [], { cause });
  }
  if (at !== bytes.byteLength) throw new WeightsError(file, 'the uploaded data is not base64: padding inside.');
  return bytes;
}
