/** Whatever was promised about the size, the bytes must come out as they came in, and in one buffer when the promise held. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteSink } from './byte-sink.ts';
import { announcedSize } from './safetensors.ts';
import { writeSafetensors } from './testing/write-safetensors.ts';

it('gives what came, for any promise', () => {
  const promise = fc.option(fc.nat(100));
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), promise, promise, (chunks, expected, announced) => {
      const sink = new ByteSink(expected, () => announced);
      for (const chunk of chunks) sink.push(chunk);
      const bytes = sink.finish();
      expect([...bytes]).toEqual(chunks.flatMap((chunk) => [...chunk]));
      expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
    }),
  );
});

it('allocates once when the size is right', () => {
  const sink = new ByteSink(4);
  sink.push(Uint8Array.of(1, 2));
  sink.push(Uint8Array.of(3, 4));
  expect(sink.finish().buffer).toBe(sink.finish().buffer);
});

it('takes the size from a safetensors header, and does not believe the impossible', () => {
  const file = writeSafetensors([['a', { dtype: 'F32', shape: [250], bytes: new Uint8Array(1000) }]]);
  const sink = new ByteSink(null, announcedSize);
  sink.push(file.subarray(0, 5));
  sink.push(file.subarray(5, 100));
  expect(sink.capacity).toBe(file.byteLength);
  const liar = new ByteSink(null, () => Number.MAX_SAFE_INTEGER);
  liar.push(file);
  expect(liar.finish()).toEqual(file);
});
