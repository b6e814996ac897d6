/** Weights arrive as safetensors: this reads a whole file into views without a copy and trusts no number in it. */
import { counted } from '../../environment/counted.ts';
import type { WeightDtype, WeightTensor } from '../../engine/weights.ts';
import { jsonFault } from '../../environment/json-fault.ts';
import { WeightsError, type WeightsErrorItem } from '../../ports/load-errors.ts';
import { duplicateKey } from './json-keys.ts';

/** The format's own bound on the header. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Bits of an element of each dtype the format knows. */
const DTYPE_BITS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    4: ['F4'],
    6: ['F6_E2M3', 'F6_E3M2'],
    8: ['BOOL', 'U8', 'I8', 'F8_E8M0', 'F8_E4M3', 'F8_E5M2', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ'],
    16: ['U16', 'I16', 'F16', 'BF16'],
    32: ['U32', 'I32', 'F32'],
    64: ['U64', 'I64', 'F64', 'C64'],
  }).flatMap(([bits, dtypes]) => dtypes.map((dtype) => [dtype, Number(bits)])),
);
const SUPPORTED = ['F32', 'F16', 'BF16'] as const satisfies readonly WeightDtype[];
/** Buffers that old checkpoints carry beside the weights (causal masks, position tables): left out where their dtype is not a weight's. */
const BUFFER_NAMES = /(?:^|\.)(?:attn\.bias|attn\.masked_bias|attention\.bias|attention\.masked_bias|rotary_emb\.inv_freq|position_ids)$/;
/** Problems listed one by one; the rest are counted. */
const MAX_ITEMS = 20;

interface Entry {
  name: string;
  dtype: string;
  shape: readonly number[];
  begin: number;
  end: number;
}

/** Whether the name is that of a buffer which `parseSafetensors` may have left out. */
export const isMaskBuffer = (name: string): boolean => BUFFER_NAMES.test(name);

const isSupported = (dtype: string): dtype is WeightDtype => (SUPPORTED as readonly string[]).includes(dtype);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * The tensors of one safetensors file as views into `bytes`; a tensor whose data is not aligned to its element is copied.
 *
 * Format: 8 bytes header length (little-endian), JSON header, data without holes (https://huggingface.co/docs/safetensors).
 * @param file name for messages
 * @throws WeightsError with the exact reason, and a list of all bad tensors where single tensors are wrong
 */
export function parseSafetensors(bytes: Uint8Array, file: string): Map<string, WeightTensor> {
  const { header, dataStart } = readHeader(bytes, file);
  const entries = readEntries(header, file);
  checkLayout(entries, bytes.byteLength - dataStart, file);

  const tensors = new Map<string, WeightTensor>();
  const unsupported: Entry[] = [];
  for (const entry of entries) {
    const { name, dtype, shape } = entry;
    if (!isSupported(dtype)) {
      if (!isMaskBuffer(name)) unsupported.push(entry);
      continue;
    }
    const view = bytes.subarray(dataStart + entry.begin, dataStart + entry.end);
    tensors.set(name, { dtype, shape, bytes: view.byteOffset % (DTYPE_BITS[dtype]! / 8) === 0 ? view : view.slice() });
  }
  if (unsupported.length > 0) {
    const dtypes = [...new Set(unsupported.map(({ dtype }) => dtype))].join(', ');
    fail(
      file,
      `${unsupported.length} of ${entries.length} tensors have dtype ${dtypes}; supported are ${SUPPORTED.join(', ')}. Is this a quantised checkpoint?`,
      unsupported.map(({ name, dtype }) => ({ path: name, message: `dtype ${dtype} is not supported` })),
    );
  }
  return tensors;
}

/** Bytes of the whole file by its header, where `start` holds all of the header and it is sound; else `null`. */
export function announcedSize(start: Uint8Array): number | null {
  try {
    const { header, dataStart } = readHeader(start, '');
    return readEntries(header, '').reduce((size, { end }) => Math.max(size, dataStart + end), dataStart);
  } catch {
    return null;
  }
}

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.byteLength < 8)
    throw new WeightsError(file, `truncated: ${bytes.byteLength} bytes, but a safetensors file begins with 8 bytes of header length.`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new WeightsError(
      file,
      `the header claims ${length} bytes; at most ${MAX_HEADER_BYTES} are allowed. This is probably no safetensors file.`,
    );
  }
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.byteLength) {
    throw new WeightsError(
      file,
      `the header claims ${length} bytes, but only ${bytes.byteLength - 8} follow its length: the file is truncated or the length lies.`,
    );
  }
  let text = '';
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, dataStart));
    header = JSON.parse(text);
  } catch (cause) {
    throw new WeightsError(file, `the header is not JSON${cause instanceof SyntaxError ? `: ${jsonFault(text)}` : ' in UTF-8'}.`, [], {
      cause,
    });
  }
  if (!isRecord(header)) throw new WeightsError(file, 'the header is JSON but no object.');
  const twice = duplicateKey(text);
  if (twice !== null) throw new WeightsError(file, `the header has the key "${twice}" twice.`, [{ path: twice, message: 'duplicate key' }]);
  return { header, dataStart };
}

function readEntries(header: Record<string, unknown>, file: string): Entry[] {
  const entries: Entry[] = [];
  const items: WeightsErrorItem[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string'))
        items.push({ path: name, message: 'must map strings to strings' });
      continue;
    }
    const entry = readEntry(name, value);
    if (typeof entry === 'string') items.push({ path: name, message: entry });
    else entries.push(entry);
  }
  if (items.length > 0)
    fail(
      file,
      `the header describes ${counted(items.length, 'tensor')} wrongly; the first: ${items[0]!.path}: ${items[0]!.message}.`,
      items,
    );
  return entries;
}

/** The entry, or what is wrong with it. */
function readEntry(name: string, value: unknown): Entry | string {
  if (!isRecord(value)) return 'must be an object with dtype, shape and data_offsets';
  const { dtype, shape, data_offsets: offsets } = value;
  const missing = Object.entries({ dtype, shape, data_offsets: offsets }).flatMap(([key, field]) => (field === undefined ? [key] : []));
  if (missing.length > 0) return `lacks ${missing.join(', ')}`;
  const bits = typeof dtype === 'string' && Object.hasOwn(DTYPE_BITS, dtype) ? DTYPE_BITS[dtype] : undefined;
  if (typeof dtype !== 'string' || bits === undefined) return `dtype ${JSON.stringify(dtype)} is unknown`;
  if (!Array.isArray(shape) || !shape.every(isCount)) return `shape ${JSON.stringify(shape)} is no list of sizes`;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    return `data_offsets ${JSON.stringify(offsets)} are no [begin, end)`;
  const [begin, end] = offsets as [number, number];
  if (end < begin) return `data_offsets [${begin}, ${end}) end before they begin`;
  const bytes = (shape.reduce<number>((size, dimension) => size * dimension, 1) * bits) / 8;
  if (bytes !== end - begin)
    return `${dtype} [${shape.join(', ')}] takes ${bytes} bytes, but data_offsets [${begin}, ${end}) hold ${end - begin}`;
  return { name, dtype, shape, begin, end };
}

/** Tensors must fill the data from the first byte to the last, each beginning where another ended. */
function checkLayout(entries: readonly Entry[], dataBytes: number, file: string): void {
  const beyond = entries.filter(({ end }) => end > dataBytes);
  if (beyond.length > 0) {
    const needed = Math.max(...beyond.map(({ end }) => end));
    fail(
      file,
      `truncated: the header places data up to byte ${needed}, but only ${dataBytes} bytes of data are there; ${beyond.length} of ${entries.length} tensors reach beyond them.`,
      beyond.map(({ name, begin, end }) => ({
        path: name,
        message: `data_offsets [${begin}, ${end}) reach beyond the ${dataBytes} bytes of data`,
      })),
    );
  }
  let filled = 0;
  let previous = 'the header';
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < filled)
      fail(file, `tensors "${previous}" and "${name}" overlap at byte ${begin} of the data.`, [
        { path: name, message: `begins at ${begin}, inside ${previous}` },
      ]);
    if (begin > filled)
      fail(file, `hole of ${begin - filled} bytes between ${previous} and tensor "${name}".`, [
        { path: name, message: `begins at ${begin}, expected ${filled}` },
      ]);
    filled = end;
    previous = name;
  }
  if (filled < dataBytes) fail(file, `${dataBytes - filled} bytes follow the last tensor; the data must end with it.`);
}

function fail(file: string, detail: string, items: readonly WeightsErrorItem[] = []): never {
  const listed = items.slice(0, MAX_ITEMS);
  if (items.length > listed.length) listed.push({ path: '', message: `and ${items.length - listed.length} more` });
  throw new WeightsError(file, detail, listed);
}
