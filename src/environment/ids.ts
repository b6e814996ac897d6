/** Names and seeds by chance. `crypto.randomUUID` is missing where the page has no secure address; the bytes behind it never are. */

/** A version 4 UUID (RFC 9562). */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** `plan_3f9c1a07`: short enough to be typed, for things of which a person has few. */
export const shortId = (kind: string): string => `${kind}_${toHex(crypto.getRandomValues(new Uint8Array(4)))}`;

/** An integer below 2³². */
export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!;

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
