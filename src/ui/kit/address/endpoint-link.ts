/** Links that carry an endpoint and its input: plain JSON while short, deflated above that. */
import { addressRemarks } from './address-remarks.ts';
import { unescaped } from './hash-location.ts';
import { asObject, changed, packJson, readPlainJson, unpackJson } from './packed-json.ts';

/** Longer JSON than this is compressed. */
const PLAIN_LIMIT = 800;
/** No JSON begins with it. */
const COMPRESSED = 'z:';

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
  return COMPRESSED + (await packJson(input));
}

/**
 * The input in the part of an address after `?`; `undefined` where there is none.
 * @throws LinkError that says why it can't be read, or is no input
 */
export async function inputOf(search: string): Promise<object | undefined> {
  const text = new URLSearchParams(search).get('input');
  if (text === null) return undefined;
  // Broken escapes would come out as other text than was sent.
  if (unescaped(search) === null) throw changed();
  return asObject(await (text.startsWith(COMPRESSED) ? unpackJson(text.slice(COMPRESSED.length)) : readPlainJson(text)), 'A request');
}

/** What of the part of an address after `?` is not read, in sentences. */
export const remarksOn = (search: string): string[] => addressRemarks(search, { names: ['input', 'field'], of: 'a link to an endpoint' });
