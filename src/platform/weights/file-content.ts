/** Servers answer 200 with something else than the file: a login page, a git-lfs pointer, an error in JSON. This says what came. */
import { jsonFault } from '../../environment/json-fault.ts';
import { WeightsError } from '../../ports/load-errors.ts';
import { parsePythonJson } from './python-json.ts';

/** What a file of a model folder must hold. */
export type FileKind = 'json' | 'text' | 'weights' | 'binary';

export const EXPECTED: Readonly<Record<FileKind, string>> = {
  json: 'a JSON object',
  text: 'text',
  weights: 'a safetensors file',
  binary: 'a binary file',
};

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';
const HTML = /^\s*<(?:!doctype|html|head|body|title|meta|script|!--|\?xml)/i;
/** Enough to know a page and its title. */
const HEAD_BYTES = 4096;

const headOf = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));

/** A page where a file was expected: its description, or `null`. `contentType` is what the server called it. */
export function htmlPage(bytes: Uint8Array, kind: FileKind, contentType = ''): string | null {
  const head = headOf(bytes);
  const called = contentType.startsWith('text/html');
  // Templates may begin with `<`, and some servers call every file they do not know HTML.
  const looks = HTML.test(head) || (called && (kind === 'text' || head.trimStart().startsWith('<')));
  if (!looks) return null;
  const title = /<title[^>]*>([^<]{1,120})/i.exec(new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)))?.[1]?.trim();
  return title ? `an HTML page titled "${title}"` : 'an HTML page';
}

/** Throws WeightsError for a git-lfs pointer, and for text where weights are expected. */
export function checkContent(bytes: Uint8Array, kind: FileKind, file: string): void {
  const head = headOf(bytes.subarray(0, 512));
  if (head.startsWith(LFS_POINTER)) {
    const size = /^size (\d+)$/m.exec(head)?.[1];
    throw new WeightsError(
      file,
      `a git-lfs pointer to ${size ?? 'some'} bytes came, and not ${EXPECTED[kind]}; fetch the file itself with "git lfs pull".`,
    );
  }
  // The first eight bytes of safetensors are a length below 10^8, so that they are never all printable.
  if (kind === 'weights' && /^[\t\n\r\x20-\x7e]{8}/.test(head)) {
    throw new WeightsError(file, `text came, and not ${EXPECTED[kind]}; it begins ${JSON.stringify(head.slice(0, 80))}.`);
  }
}

/** The object in a JSON file. @throws WeightsError */
export function parseJson(bytes: Uint8Array, file: string): Record<string, unknown> {
  const text = decodeText(bytes, file);
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (cause) {
    const what =
      text.trim() === '' ? 'it is empty' : `${jsonFault(text, { constants: true })} (it begins ${JSON.stringify(text.slice(0, 80))})`;
    throw new WeightsError(file, `expected ${EXPECTED.json}, but ${what}.`, [], { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new WeightsError(file, `expected ${EXPECTED.json}, got ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 80)}.`);
}

/** UTF-8 text. @throws WeightsError */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WeightsError(file, 'the file is not UTF-8 text.', [], { cause });
  }
}
