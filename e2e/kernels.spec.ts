/** Every shader on a real GPU device, Chromium's software adapter where there is no other: it compiles, runs, and agrees with its plain TypeScript. */
import { expect, test } from './support.ts';

/** Sizes that fill no tile or workgroup evenly. */
const SIZES: Record<string, Record<string, number>[]> = {
  'wgsl.matmul_naive': [{ M: 5, N: 7, K: 3 }],
  'wgsl.matmul_tiled': [
    { M: 17, N: 19, K: 33 },
    { M: 1, N: 1, K: 1 },
  ],
  'wgsl.softmax': [
    { rows: 3, columns: 100 },
    { rows: 1, columns: 1 },
  ],
  'wgsl.rms_norm': [{ rows: 3, columns: 130 }],
  'wgsl.rope': [{ tokens: 5, heads: 3, half_dim: 6 }],
  'wgsl.silu_mul': [{ elements: 131 }],
  'wgsl.flash_attention': [
    { heads: 4, kv_heads: 2, queries: 37, keys: 51, head_dim: 16 },
    { heads: 1, kv_heads: 1, queries: 1, keys: 1, head_dim: 128 },
  ],
  'wgsl.argmax': [
    { rows: 5, columns: 300 },
    { rows: 2, columns: 3 },
  ],
};

test('shaders agree with their references', async ({ app }) => {
  await app.open();
  const results = await app.page.evaluate(async (all) => {
    const { client } = globalThis.glassbox;
    const { kernels } = await client.get('computation', 'kernels', { kind: 'wgsl' });
    const out = [];
    for (const { id } of kernels) {
      for (const sizes of all[id] ?? []) {
        const { execution_provider, fallback_reason, agreement } = await client.post('computation', 'execute', {
          kernel: id,
          sizes,
          seed: 3,
        });
        out.push({ id, sizes, execution_provider, fallback_reason, agreement });
      }
    }
    return { ids: kernels.map(({ id }) => id), out };
  }, SIZES);
  expect(results.ids.toSorted()).toEqual(Object.keys(SIZES).toSorted());
  for (const { id, sizes, agreement, ...ran } of results.out) {
    expect.soft(ran, id).toEqual({ execution_provider: 'webgpu', fallback_reason: null });
    expect.soft(agreement, `${id} ${JSON.stringify(sizes)}`).toMatchObject({ passed: true });
  }
});
