/** JSON for an address: deflated, in the alphabet of base64url (RFC 4648), which no part of an address escapes. Links come from anyone: what they unpack to is bounded. */
import { base64ToBytes, bytesToBase64 } from '../../../contract/index.ts';

/** Browsers and chat programs cut longer addresses. */
export const LINK_LIMIT = 60_000;
/** Longer than any link made here; a person may have joined two. */
const READ_LIMIT = 4 * LINK_LIMIT;
/** A link of 60 kB can hold 60 MB of one letter: it is put down once it has given this much. */
export const UNPACKED_LIMIT = 4_000_000;
/** Forms, editors and `JSON.stringify` go down as deep as the value does. */
const DEPTH_LIMIT = 100;

/** Why what stands in an address can't be used, in a sentence for people. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

export async function packJson(value: unknown): Promise<string> {
  const packed = await collect(through(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream('deflate-raw')), Infinity);
  return bytesToBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws LinkError where the text is none that `packJson` made, or gives more than a link may */
export async function unpackJson(text: string): Promise<unknown> {
  checkLength(text);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = base64ToBytes(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch (error) {
    throw changed(error);
  }
  const unpacked = await collect(through(bytes, new DecompressionStream('deflate-raw')), UNPACKED_LIMIT).catch((error: unknown) => {
    throw error instanceof LinkError ? error : changed(error);
  });
  let json: string;
  try {
    // What is no UTF-8 would come out as other text than was sent.
    json = new TextDecoder('utf-8', { fatal: true }).decode(unpacked);
  } catch (error) {
    throw changed(error);
  }
  return parse(json);
}

/**
 * JSON that stands in an address as it is.
 * @throws LinkError where it is none
 */
export function readPlainJson(text: string): unknown {
  checkLength(text);
  return parse(text);
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw changed(error);
  }
  if (depthOf(value) > DEPTH_LIMIT)
    throw new LinkError(`The link holds lists in lists, more than ${DEPTH_LIMIT} deep: nothing here takes that.`);
  return value;
}

/** @throws LinkError where a link holds something else than the fields of `what` */
export function asObject(value: unknown, what: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const kind = Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
  throw new LinkError(`The link holds ${kind}. ${what} is a JSON object: names, each with its value.`);
}

export const changed = (cause?: unknown) =>
  new LinkError('The link was cut off or changed on its way: what stands in it can’t be read.', { cause });

function checkLength(text: string): void {
  if (text.length > READ_LIMIT)
    throw new LinkError(
      `The link has ${text.length.toLocaleString('en')} characters; none made here has more than ${LINK_LIMIT.toLocaleString('en')}. It was not opened.`,
    );
}

function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(stream);
}

/** @throws LinkError as soon as there is more than `limit` bytes */
async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: BlobPart[] = [];
  const reader = stream.getReader();
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel().catch(() => {});
      throw new LinkError(`The link unpacks to more than ${limit / 1e6} MB, which no request or experiment needs. It was not opened.`);
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Level by level, since a value may be deeper than the stack. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0 && depth <= DEPTH_LIMIT; depth++)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  return depth;
}
