/** The header of a safetensors file comes from strangers: golden reads, every refusal by its reason, and fuzzing. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WeightDtype, WeightTensor } from '../../engine/weights.ts';
import { WeightsError } from '../../ports/load-errors.ts';
import { parseSafetensors } from './safetensors.ts';
import { writeSafetensors } from './testing/write-safetensors.ts';

const FILE = 'model.safetensors';

/** A file with any header text and any data. */
function fileOf(header: unknown, data: Uint8Array | number = 0, pad = true): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(pad ? text.padEnd(Math.ceil(text.length / 8) * 8) : text);
  const bytes = typeof data === 'number' ? new Uint8Array(data) : data;
  const file = new Uint8Array(8 + json.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(bytes, 8 + json.length);
  return file;
}

function refusal(bytes: Uint8Array): WeightsError {
  try {
    parseSafetensors(bytes, FILE);
  } catch (error) {
    if (error instanceof WeightsError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const f32 = (shape: number[], begin: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

describe('parseSafetensors', () => {
  it('reads tensors as views of the file, in all three dtypes', () => {
    const file = writeSafetensors([
      ['a', { dtype: 'F32', shape: [2], bytes: new Uint8Array(new Float32Array([1.5, -2]).buffer) }],
      ['b', { dtype: 'BF16', shape: [1, 3], bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) }],
      ['c', { dtype: 'F16', shape: [], bytes: Uint8Array.of(0, 60) }],
      ['empty', { dtype: 'F32', shape: [0, 4], bytes: new Uint8Array() }],
    ]);
    const tensors = parseSafetensors(file, FILE);
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c', 'empty']);
    const a = tensors.get('a')!;
    expect(a.bytes.buffer).toBe(file.buffer);
    expect([...new Float32Array(a.bytes.buffer as ArrayBuffer, a.bytes.byteOffset, 2)]).toEqual([1.5, -2]);
    expect(tensors.get('b')).toMatchObject({ dtype: 'BF16', shape: [1, 3], bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    expect(tensors.get('c')!.shape).toEqual([]);
    expect(tensors.get('empty')!.bytes.byteLength).toBe(0);
  });

  it('copies what is not aligned to its element', () => {
    const file = fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} ', Uint8Array.of(0, 0, 128, 63), false);
    expect(file.length % 4).not.toBe(0);
    const { bytes } = parseSafetensors(file, FILE).get('a')!;
    expect(bytes.buffer).not.toBe(file.buffer);
    expect(new Float32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, 1)[0]).toBe(1);
  });

  it('leaves out mask buffers of old checkpoints, whose dtype is no weight', () => {
    const file = fileOf({ 'h.0.attn.bias': { dtype: 'U8', shape: [4], data_offsets: [0, 4] }, 'h.0.w': f32([1], 4, 8) }, 8);
    expect([...parseSafetensors(file, FILE).keys()]).toEqual(['h.0.w']);
  });

  it('takes metadata, names such as __proto__, and a file with no tensors', () => {
    expect(
      parseSafetensors(
        fileOf('{"__metadata__":{"format":"pt"},"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
        FILE,
      ).has('__proto__'),
    ).toBe(true);
    expect(parseSafetensors(fileOf({}), FILE).size).toBe(0);
  });

  const long = new Uint8Array(16);
  new DataView(long.buffer).setBigUint64(0, 999n, true);
  const huge = new Uint8Array(16).fill(0xff);
  it.each<[string, Uint8Array, RegExp, string?]>([
    ['an empty file', new Uint8Array(), /truncated: 0 bytes/],
    ['a file of five bytes', new Uint8Array(5), /truncated: 5 bytes/],
    ['a header beyond the file', long, /claims 999 bytes, but only 8 follow/],
    ['a header of 2^64 bytes', huge, /claims 18446744073709551615 bytes; at most 100000000/],
    ['a header that is no JSON', fileOf('{"a": oops}'), /not JSON/],
    ['a header that is no UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff), /not JSON/],
    ['a header that is a list', fileOf('[]'), /no object/],
    ['metadata that is no map', fileOf({ __metadata__: { a: 1 } }), /wrongly/, '__metadata__'],
    ['an entry that is a number', fileOf({ a: 1 }), /a: must be an object/, 'a'],
    ['an entry without dtype', fileOf({ a: { shape: [1], data_offsets: [0, 4] } }, 4), /lacks dtype/, 'a'],
    ['an entry without shape and offsets', fileOf({ a: { dtype: 'F32' } }), /lacks shape, data_offsets/, 'a'],
    ['an unknown dtype', fileOf({ a: { dtype: 'toString', shape: [], data_offsets: [0, 4] } }, 4), /"toString" is unknown/, 'a'],
    ['a negative size', fileOf({ a: f32([-1], 0, 4) }, 4), /no list of sizes/, 'a'],
    ['a size that is no integer', fileOf({ a: f32([1.5], 0, 6) }, 6), /no list of sizes/, 'a'],
    ['sizes that overflow', fileOf({ a: f32([2 ** 40, 2 ** 40, 2 ** 40], 0, 4) }, 4), /takes/, 'a'],
    ['offsets that are no pair', fileOf({ a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, 4), /no \[begin, end\)/, 'a'],
    ['offsets that end before they begin', fileOf({ a: f32([1], 4, 0) }, 4), /end before they begin/, 'a'],
    [
      'a shape that does not fill its bytes',
      fileOf({ a: f32([3], 0, 16) }, 16),
      /F32 \[3\] takes 12 bytes, but data_offsets \[0, 16\) hold 16/,
      'a',
    ],
    ['data cut off', fileOf({ a: f32([2], 0, 8), b: f32([2], 8, 16) }, 12), /truncated: .* up to byte 16, but only 12/, 'b'],
    ['overlapping tensors', fileOf({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), /"a" and "b" overlap/, 'b'],
    ['a hole between tensors', fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /hole of 4 bytes between a and tensor "b"/, 'b'],
    ['a hole before the first', fileOf({ a: f32([1], 4, 8) }, 8), /hole of 4 bytes between the header/, 'a'],
    ['bytes after the last', fileOf({ a: f32([1], 0, 4) }, 8), /4 bytes follow the last tensor/],
    [
      'int8 weights',
      fileOf({ w: { dtype: 'I8', shape: [4], data_offsets: [0, 4] } }, 4),
      /1 of 1 tensors have dtype I8; supported are F32, F16, BF16/,
      'w',
    ],
    [
      'a tensor given twice',
      fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      /key "a" twice/,
      'a',
    ],
    [
      'a field given twice',
      fileOf('{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4),
      /key "dtype" twice/,
      'dtype',
    ],
  ])('refuses %s', (_what, bytes, reason, path) => {
    const error = refusal(bytes);
    expect(error.file).toBe(FILE);
    expect(error.detail).toMatch(reason);
    expect(error.items.some((item) => item.path === path)).toBe(path !== undefined);
  });

  it('lists at most twenty problems and counts the rest', () => {
    const error = refusal(fileOf(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, { dtype: 'F32' }]))));
    expect(error.items).toHaveLength(21);
    expect(error.items.at(-1)!.message).toBe('and 30 more');
  });
});

describe('fuzzing', () => {
  const dtype = fc.constantFrom<WeightDtype>('F32', 'F16', 'BF16');
  const tensor = fc.record({ dtype, shape: fc.array(fc.nat(5), { maxLength: 4 }) }).chain(({ dtype, shape }) => {
    const length = shape.reduce((a, b) => a * b, 1) * (dtype === 'F32' ? 4 : 2);
    return fc.record({
      dtype: fc.constant(dtype),
      shape: fc.constant(shape),
      bytes: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });
  const tensors = fc.uniqueArray(
    fc.tuple(
      fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__'),
      tensor,
    ),
    { selector: ([name]) => name, maxLength: 6 },
  );

  /** What is wrong with the answer to these bytes: nothing, whether they are refused with a WeightsError or read as sound views. */
  function fault(bytes: Uint8Array): string | null {
    let parsed: Map<string, WeightTensor>;
    try {
      parsed = parseSafetensors(bytes, FILE);
    } catch (error) {
      return error instanceof WeightsError ? null : String(error);
    }
    let total = 0;
    for (const [name, { dtype, shape, bytes: view }] of parsed) {
      const elementBytes = dtype === 'F32' ? 4 : 2;
      if (view.byteLength !== shape.reduce((a, b) => a * b, 1) * elementBytes) return `${name} has the wrong size`;
      if (view.byteOffset % elementBytes !== 0) return `${name} is not aligned`;
      const isInside = view.byteOffset >= bytes.byteOffset + 8 && view.byteOffset + view.byteLength <= bytes.byteOffset + bytes.byteLength;
      if (view.buffer === bytes.buffer && !isInside) return `${name} leaves the file`;
      total += view.byteLength;
    }
    return total > bytes.byteLength - 8 ? 'tensors overlap' : null;
  }

  it('gives back what was written', () => {
    fc.assert(
      fc.property(tensors, (given) => {
        const parsed = parseSafetensors(writeSafetensors(given), FILE);
        expect(parsed.size).toBe(given.length);
        for (const [name, { dtype, shape, bytes }] of given) {
          const got = parsed.get(name)!;
          expect([got.dtype, got.shape, [...got.bytes]]).toEqual([dtype, shape, [...bytes]]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void expect(fault(bytes)).toBeNull()),
      { numRuns: 2000 },
    );
  });

  it('survives any JSON header, with lies about sizes and offsets', () => {
    const number = fc.oneof(fc.nat(24), fc.integer(), fc.double(), fc.constantFrom(Number.MAX_SAFE_INTEGER, 2 ** 63, -0));
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'BF16', 'U8', 'F4'), fc.string()),
        shape: fc.array(number, { maxLength: 3 }),
        data_offsets: fc.array(number, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    );
    const header = fc.dictionary(fc.string(), fc.oneof({ weight: 5, arbitrary: entry }, fc.jsonValue()), { maxKeys: 4 });
    fc.assert(
      fc.property(header, fc.nat(32), fc.boolean(), (value, data, pad) => void expect(fault(fileOf(value, data, pad))).toBeNull()),
      { numRuns: 3000 },
    );
  });

  it('survives bytes changed, cut or added in a good file, and a window on a larger buffer', () => {
    const edit = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(tensors, fc.array(edit, { maxLength: 3 }), fc.integer({ min: -20, max: 20 }), fc.nat(9), (given, edits, grow, shift) => {
        const good = writeSafetensors(given);
        const buffer = new Uint8Array(good.length + 64);
        buffer.set(good, shift);
        for (const { at, to } of edits) buffer[shift + (at % good.length)] = to;
        expect(fault(buffer.subarray(shift, Math.max(shift, shift + good.length + grow)))).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});

describe('golden files', () => {
  const golden = new URL('../../../fixtures/models/', import.meta.url);
  it.each([
    ['llama-gqa-tied', 'model.safetensors', 'F32', 'model.embed_tokens.weight'],
    ['llama-fp16', 'model.safetensors', 'F16', 'model.norm.weight'],
    ['llama-bf16', 'model.safetensors', 'BF16', 'model.norm.weight'],
    ['llama-sharded', 'model-00001-of-00002.safetensors', 'F32', 'model.embed_tokens.weight'],
    ['gpt2-unprefixed', 'model.safetensors', 'F32', 'wte.weight'],
  ])('reads %s/%s', (model, file, dtype, name) => {
    const tensors = parseSafetensors(readFileSync(new URL(`${model}/${file}`, golden)), file);
    expect(tensors.get(name)?.dtype).toBe(dtype);
  });
});
