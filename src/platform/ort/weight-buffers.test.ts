/** Every half and every bfloat16 must become its float32, and weights that need no conversion must not be copied. */
import { expect, test } from 'vitest';
import { parseConfig, verifyWeights } from '../../engine/graph/index.ts';
import { convert } from './float-conversion.ts';
import { fixtureFolder } from './testing/fixture.ts';
import { weightBuffers } from './weight-buffers.ts';

const bytesOf = (values: Uint16Array | Float32Array): Uint8Array => new Uint8Array(values.buffer);

test('bfloat16 to float32', () => {
  const out = new Float32Array(3);
  convert({ dtype: 'BF16', shape: [3], bytes: bytesOf(Uint16Array.of(0x3f80, 0xc049, 0x0001)) }, 'float32', bytesOf(out));
  expect([...out]).toEqual([1, -3.140625, Math.fround(2 ** -133)]);
});

test('half to float32 and back, every one of them', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const singles = new Float32Array(65536);
  convert({ dtype: 'F16', shape: [65536], bytes: bytesOf(halves) }, 'float32', bytesOf(singles));
  const back = new Uint16Array(65536);
  convert({ dtype: 'F32', shape: [65536], bytes: bytesOf(singles) }, 'float16', bytesOf(back));
  const same = halves.every((half, i) => half === back[i] || Number.isNaN(singles[i]));
  expect(same).toBe(true);
  expect([singles[0x3c00], singles[0x7bff], singles[1], singles[0xfc00]]).toEqual([1, 65504, 2 ** -24, Number.NEGATIVE_INFINITY]);
});

test('a view that is not aligned', () => {
  const bytes = new Uint8Array([0, 0, 0x80, 0x3f]).subarray(2);
  const out = new Float32Array(1);
  convert({ dtype: 'BF16', shape: [1], bytes }, 'float32', bytesOf(out));
  expect(out[0]).toBe(1);
});

test('each tensor is a buffer of its own, without an offset: a view of the file where that has the dtype', () => {
  for (const [name, isView] of [
    ['llama-gqa-tied', true],
    ['llama-fp16', false],
  ] as const) {
    const folder = fixtureFolder(name);
    const { tensors } = verifyWeights(parseConfig(folder.config), folder.tensors);
    const { externalData, index } = weightBuffers(tensors, 'float32');
    const file = [...folder.tensors.values()][0]!.bytes.buffer;
    expect(externalData.map(({ path }) => path)).toEqual(tensors.map((tensor) => tensor.name));
    for (const { path, data } of externalData) {
      expect(data.buffer === file).toBe(isView);
      expect(index.get(path)).toMatchObject({ path, offset: 0, length: data.byteLength });
    }
  }
});
