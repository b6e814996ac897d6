/** The attention kernels give the same for all shapes, ragged batches included, and what plain TypeScript gives. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomAt } from '../../engine/index.ts';
import { ATTENTION } from '../../patchable/model/index.ts';
import { computationPlatform as platform } from '../../platform/computation/index.ts';
import { type KernelCall, kernelCall } from './kernel-inputs.ts';
import { findKernel } from './kernels.ts';
import { openKernel } from './open-kernel.ts';
import { compareWithReference } from './run-kernel.ts';

const TOLERANCE = 1e-4;

async function errorOf(id: string, call: KernelCall): Promise<number> {
  const kernel = findKernel(id);
  const open = await openKernel(platform, kernel, call);
  try {
    const { outputs } = await open.run(true);
    return compareWithReference(kernel, call, outputs)!.max_abs_error;
  } finally {
    await open.close();
  }
}

/** Heads in groups, new tokens on top of pasts of different lengths, rows of different lengths. */
const shapes = fc
  .record({
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 4 }),
    dim: fc.constantFrom(8, 16, 32),
    batch: fc.integer({ min: 1, max: 4 }),
    tokens: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 9 })),
    past: fc.integer({ min: 0, max: 20 }),
    seed: fc.nat(),
  })
  .map(({ kvHeads, group, ...rest }) => ({ ...rest, kv_heads: kvHeads, heads: kvHeads * group }));

const [whole, windowed] = [false, true].map((has) =>
  ATTENTION.filter(({ about }) => (about.window !== undefined) === has).map(({ name }) => name),
);

describe('for all heads, K/V heads, lengths and ragged batches', () => {
  test('those that see every key agree with the reference, and so with each other', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ dim, seed, ...sizes }) => {
        const random = randomAt(seed, 7, 7);
        const below = (bound: number) => Math.floor(random() * bound);
        const drawn = kernelCall(findKernel('naive'), { sizes: { ...sizes, head_dim: dim }, seed });
        const lengths = Int32Array.from({ length: sizes.batch }, () => 1 + below(sizes.tokens));
        lengths[below(sizes.batch)] = sizes.tokens;
        const pastLengths = Int32Array.from({ length: sizes.batch }, () => below(sizes.past + 1));
        const call: KernelCall = { ...drawn, inputs: { ...drawn.inputs, lengths, past_lengths: pastLengths } };
        expect(whole!.length).toBeGreaterThan(2);
        for (const id of whole!) expect(await errorOf(id, call), id).toBeLessThan(TOLERANCE / 2);
      }),
      { numRuns: 40 },
    );
  });

  test.each(windowed!)('%s: a window leaves out what lies further back', async (id) => {
    for (const window of [1, 3, 64]) {
      const call = kernelCall(findKernel(id), {
        sizes: { tokens: 7, past: 5, head_dim: 8 },
        parameters: { window },
        seed: 1,
      });
      expect(await errorOf(id, call), `window ${window}`).toBeLessThan(TOLERANCE);
    }
  });
});

describe('misfits are named', () => {
  const tensor = (shape: number[]) => ({ dtype: 'float32' as const, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  const call =
    (inputs: Parameters<typeof kernelCall>[1]['inputs'], sizes = {}) =>
    () =>
      kernelCall(findKernel('wgsl.matmul_naive'), { inputs, sizes, seed: 0 });
  test.each([
    ['a missing input', call({ a: tensor([2, 3]) }), /^inputs\.b is missing: float32 \[K, N\]/],
    ['an unknown input', call({ a: tensor([2, 3]), b: tensor([3, 2]), z: tensor([1]) }), /^inputs\.z is no input of wgsl\.matmul_naive/],
    ['a wrong rank', call({ a: tensor([6]), b: tensor([3, 2]) }), /^inputs\.a\.shape must have 2 axes, \[M, K\]; it is \[6\]/],
    [
      'inner sizes that differ',
      call({ a: tensor([2, 3]), b: tensor([4, 2]) }),
      /^inputs\.b\.shape must be \[K, N\] = \[3, 2\] beside the others; it is \[4, 2\]/,
    ],
    [
      'data that does not fill the shape',
      call({ a: { ...tensor([2, 3]), data: [1, 2] }, b: tensor([3, 2]) }),
      /^inputs\.a\.data must hold the values of the shape\. Tensor of shape \[2, 3\] needs 6 values and has 2/,
    ],
    ['a size beyond the limit', call(undefined, { M: 9000 }), /^sizes\.M must be at most 8192; it is 9000/],
    ['too much work', call(undefined, { M: 8192, N: 65_536, K: 8192 }), /values long; at most/],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
