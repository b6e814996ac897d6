/** One file from a URL: streamed into one buffer, with the reason told when anything but the file comes. */
import { ByteSink } from './byte-sink.ts';
import { FetchError, WeightsError } from '../../ports/load-errors.ts';
import { checkContent, EXPECTED, type FileKind, htmlPage } from './file-content.ts';
import { announcedSize } from './safetensors.ts';
import type { Validators } from './weight-cache.ts';

export interface RemoteFile {
  /** Name in the folder, for messages. */
  file: string;
  url: string;
  kind: FileKind;
}

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  onBytes?: ((loaded: number, total: number | null) => void) | undefined;
  /** What the HTTP cache does: files that are kept elsewhere need not lie there too. */
  httpCache?: RequestCache;
}

/** What a HEAD request found out. */
export type Probe = ({ status: number; html: boolean } & Validators) | { status: null; reason: string };

/** Statuses by which servers say that a file is not there; some stores say 403. */
export const MISSING = [403, 404, 410];

/**
 * The bytes of a file.
 * @throws FetchError for no answer, an error status, a page instead of the file, a connection that broke off
 * @throws WeightsError for a git-lfs pointer, text instead of weights, a size that cannot be allocated
 */
export async function download(
  remote: RemoteFile,
  options: DownloadOptions = {},
): Promise<{ bytes: Uint8Array<ArrayBuffer> } & Validators> {
  const { file, url, kind } = remote;
  const { signal } = options;
  const response = await request(remote, { cache: options.httpCache ?? 'no-cache', signal: signal ?? null });
  if (!response.ok) {
    await response.body?.cancel().catch(() => {});
    throw new FetchError(file, url, response.status, 'status', `answered ${statusOf(response)}; expected ${EXPECTED[kind]}.`);
  }
  const bytes = await readBody(response, remote, options);
  const page = htmlPage(bytes, kind, contentTypeOf(response));
  if (page !== null) {
    const where = response.redirected ? ` after a redirect to ${response.url} (a login page?)` : '';
    throw new FetchError(file, url, response.status, 'page', `${page} came${where}; expected ${EXPECTED[kind]}.`);
  }
  checkContent(bytes, kind, file);
  return { bytes, ...validatorsOf(response) };
}

/** What the server says about a file without sending it. */
export async function probe(url: string, signal?: AbortSignal): Promise<Probe> {
  const ask = (method: string): Promise<Response> => fetch(url, { method, cache: 'no-cache', signal: signal ?? null });
  try {
    let response = await ask('HEAD');
    // Some servers know no HEAD: ask for the file and hang up.
    if (response.status === 405 || response.status === 501) response = await ask('GET');
    await response.body?.cancel().catch(() => {});
    return { status: response.status, html: contentTypeOf(response).startsWith('text/html'), ...validatorsOf(response) };
  } catch (error) {
    signal?.throwIfAborted();
    return { status: null, reason: messageOf(error) };
  }
}

async function request({ file, url }: RemoteFile, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    const detail = `no answer (${messageOf(cause)}): the server is down, the network is gone, or the server does not allow this page (CORS).`;
    throw new FetchError(file, url, null, 'no_answer', detail, { cause });
  }
}

async function readBody(
  response: Response,
  { file, url, kind }: RemoteFile,
  { signal, onBytes }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const total = validatorsOf(response).contentLength;
  let sink: ByteSink;
  try {
    sink = new ByteSink(total, kind === 'weights' ? announcedSize : undefined);
  } catch (cause) {
    await response.body?.cancel().catch(() => {});
    throw new WeightsError(file, `${total} bytes are announced, which this browser cannot hold in one piece.`, [], { cause });
  }
  try {
    for await (const chunk of chunksOf(response)) {
      sink.push(chunk);
      onBytes?.(sink.length, total !== null && sink.length <= total ? total : null);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof RangeError)
      throw new WeightsError(file, `more than ${sink.length} bytes came, which this browser cannot hold in one piece.`, [], { cause });
    throw new FetchError(
      file,
      url,
      response.status,
      'broken_off',
      `the connection broke off after ${sink.length} of ${total ?? 'unknown'} bytes (${messageOf(cause)}).`,
      { cause },
    );
  }
  signal?.throwIfAborted();
  // A small text compressed on the way can be shorter than what is announced; it shows by itself when it is cut off.
  if (total !== null && sink.length < total && (kind === 'weights' || kind === 'binary')) {
    throw new FetchError(file, url, response.status, 'broken_off', `truncated: ${sink.length} bytes came of the ${total} announced.`);
  }
  return sink.finish();
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function validatorsOf({ headers }: Response): Validators {
  const length = headers.get('content-length');
  // Of a compressed body the length is another one than the file's.
  const encoded = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  return {
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    contentLength: length === null || encoded ? null : Number(length),
  };
}

function contentTypeOf(response: Response): string {
  return response.headers.get('content-type') ?? '';
}

function statusOf(response: Response): string {
  return `${response.status} ${response.statusText}`.trim();
}

/** Node hides the reason in `cause`; browsers give none. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
