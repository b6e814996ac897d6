/** Small graphs on onnxruntime-web, one at a time on each provider. */
import { createSession, loadOrt, type Provider } from '../ort/index.ts';

interface Feed {
  data: Float32Array | Int32Array;
  shape: readonly number[];
}

export async function openGraph(bytes: Uint8Array<ArrayBuffer>, provider: Provider) {
  const ort = await loadOrt(provider);
  const session = await createSession(ort, bytes, { executionProviders: [provider], logSeverityLevel: 3 });
  return {
    async run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array>> {
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
