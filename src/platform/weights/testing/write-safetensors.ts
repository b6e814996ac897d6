/** The way back from tensors to a safetensors file, for tests. */
import type { WeightTensor } from '../../../engine/weights.ts';

/** One file with the tensors in the order given; its data begins at a multiple of 8 bytes, as the reference writer has it. */
export function writeSafetensors(
  tensors: Iterable<readonly [string, WeightTensor]>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = metadata ? [['__metadata__', metadata]] : [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }]);
    parts.push(bytes);
    offset += bytes.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.byteLength / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, 8);
  file.fill(0x20, 8 + json.byteLength, 8 + headerBytes);
  let position = 8 + headerBytes;
  for (const part of parts) {
    file.set(part, position);
    position += part.byteLength;
  }
  return file;
}
