/** Links that carry an endpoint and its input: plain JSON while short, deflated above that. */
import { bytesToBase64, base64ToBytes } from '../../contract/index.ts';

/** Longer JSON than this is compressed. */
const PLAIN_LIMIT = 800;
/** No JSON begins with it. */
const COMPRESSED = 'z:';
/** Browsers and chat programs cut longer addresses. */
export const LINK_LIMIT = 60_000;

interface Target {
  service: string;
  operation: string;
}

/** `/api/tokenizer/tokenize`, with `?input=…` where there is one. */
export async function linkTo({ service, operation }: Target, input?: unknown): Promise<string> {
  const path = `/api/${service}/${operation}`;
  return input === undefined ? path : `${path}?input=${await encodeInput(input)}`;
}

/** The value of `input`, ready for an address. */
async function encodeInput(input: unknown): Promise<string> {
  const json = JSON.stringify(input);
  if (json.length <= PLAIN_LIMIT) return encodeURIComponent(json);
  const packed = await pipe(new TextEncoder().encode(json), new CompressionStream('deflate-raw'));
  return COMPRESSED + bytesToBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The input in the part of an address after `?`; `undefined` where there is none or it cannot be read. */
export async function inputOf(search: string): Promise<unknown> {
  const text = new URLSearchParams(search).get('input');
  if (text === null) return undefined;
  try {
    if (!text.startsWith(COMPRESSED)) return JSON.parse(text);
    const bytes = base64ToBytes(text.slice(COMPRESSED.length).replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(await pipe(bytes, new DecompressionStream('deflate-raw'))));
  } catch {
    return undefined;
  }
}

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
}
