/** Small graphs on onnxruntime-web, one at a time on each provider. */
import type { OpenGraph } from '../../ports/computation-platform.ts';
import type { Provider } from '../../ports/provider.ts';
import { createSession, loadOrt } from '../ort/index.ts';

export async function openGraph(bytes: Uint8Array<ArrayBuffer>, provider: Provider): Promise<OpenGraph> {
  const ort = await loadOrt(provider);
  const session = await createSession(ort, bytes, { executionProviders: [provider], logSeverityLevel: 3 });
  return {
    async run(feeds) {
      const names = new Set(session.inputNames);
      const tensors = Object.entries(feeds)
        .filter(([name]) => names.has(name))
        .map(([name, { data, shape }]) => [
          name,
          data instanceof Int32Array ? new ort.Tensor('int32', data, shape) : new ort.Tensor('float32', data, shape),
        ]);
      const outputs = await session.run(Object.fromEntries(tensors));
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
    },
    close: () => session.release(),
  };
}
