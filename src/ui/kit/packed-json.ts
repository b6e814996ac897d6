/** JSON for an address: deflated, in the alphabet of base64url (RFC 4648), which no part of an address escapes. */
import { base64ToBytes, bytesToBase64 } from '../../contract/index.ts';

export async function packJson(value: unknown): Promise<string> {
  const packed = await pipe(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream('deflate-raw'));
  return bytesToBase64(packed).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Rejects where the text is none that `packJson` made. */
export async function unpackJson(text: string): Promise<unknown> {
  const bytes = base64ToBytes(text.replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(await pipe(bytes, new DecompressionStream('deflate-raw'))));
}

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
}
