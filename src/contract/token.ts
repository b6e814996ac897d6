/** A token as text: `gbx_3f9c1a07_…`, its public id, 160 bits by chance, and a checksum by which one that was not copied whole is told from a wrong one. */
import { shortId, toHex } from '../environment/ids.ts';
import { Sha256 } from '../environment/sha256.ts';

const SECRET_BYTES = 20;
const CHECKSUM_DIGITS = 8;
const WHOLE = new RegExp(`^((gbx_[0-9a-f]{8})_[0-9a-f]{${SECRET_BYTES * 2}})([0-9a-f]{${CHECKSUM_DIGITS}})$`);

export interface NewToken {
  token: string;
  id: string;
  hash: string;
}

/** SHA-256 as hex. A token has no words that could be guessed, so that one round is enough; it is made here, with or without Web Crypto. */
export const hashOf = (text: string): string => toHex(new Sha256().update(new TextEncoder().encode(text)).digest());

const checksumOf = (body: string): string => hashOf(body).slice(0, CHECKSUM_DIGITS);

export function newToken(): NewToken {
  const id = shortId('gbx');
  const body = `${id}_${toHex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))}`;
  const token = body + checksumOf(body);
  return { token, id, hash: hashOf(token) };
}

/** The public id of a whole token; `null`: it is none. */
export function idOf(token: string): string | null {
  const [, body, id, checksum] = WHOLE.exec(token) ?? [];
  return body !== undefined && id !== undefined && checksumOf(body) === checksum ? id : null;
}

/** Takes as long wherever they differ. */
export function isSameHash(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
