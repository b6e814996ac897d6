/** Every shader on a real GPU device, Chromium's software adapter where there is no other: it compiles, runs, and agrees with its plain TypeScript. */
import { SHADER_KERNELS } from '../src/patchable/kernels/index.ts';
import { expect, test } from './support.ts';

/** The sizes of each one's cases: small ones, which fill no tile or workgroup evenly. */
const SIZES = Object.fromEntries(SHADER_KERNELS.map(({ name, cases }) => [`wgsl.${name}`, cases.map(({ sizes }) => sizes)]));

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
