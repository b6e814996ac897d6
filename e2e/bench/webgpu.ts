/** Batching and long pasts on WebGPU, where there is an adapter; a software one is slow, so there are few rounds. */
import type { Benchmark } from './benchmark.ts';
import { decodeOverContext } from './context-length.ts';
import { concurrentStreams } from './streams.ts';

const ROUNDS = 3;

export const webgpu: Benchmark = {
  name: 'webgpu',
  run: ({ withProduct }) =>
    withProduct(async (page) => {
      const provider = await page.evaluate(async () => {
        const { client } = globalThis.glassbox;
        const providers = (await client.get('model', 'info')).state.execution_providers;
        const webgpu = providers.find(({ name }) => name === 'webgpu');
        if (webgpu?.available)
          await client.put('model', 'weights', { source: { kind: 'bundled', id: 'default' }, execution_provider: 'webgpu' });
        return webgpu;
      });
      if (!provider?.available) return [{ name: 'WebGPU', ours: null, unit: '', note: provider?.detail ?? 'There is no WebGPU here.' }];
      return [
        ...(await concurrentStreams(page, null, { rounds: ROUNDS, newTokens: 24, prefix: 'WebGPU, ' })),
        ...(await decodeOverContext(page, null, { rounds: ROUNDS, newTokens: 16, prefix: 'WebGPU, ' })),
      ];
    }),
};
