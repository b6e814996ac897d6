/** The bare runtime in a worker, as the product's runtime is in one: the same build, the same threads. */
import { loadOrt, wasmThreads } from '../../../src/platform/ort/index.ts';
import { type BareModel, openBareModel } from '../bare-model.ts';

async function open(folder: string): Promise<void> {
  const [config, weights] = await Promise.all([fetch(`${folder}config.json`), fetch(`${folder}model.safetensors`)]);
  const runtime = await loadOrt('wasm');
  model = await openBareModel(
    runtime,
    { executionProviders: ['wasm'] },
    (await config.json()) as Record<string, unknown>,
    new Uint8Array(await weights.arrayBuffer()),
  );
}

let model: BareModel | null = null;

export interface RuntimeBench {
  threads: number;
  open(folder: string): Promise<void>;
  model(): BareModel;
}

const bench: RuntimeBench = {
  threads: wasmThreads(),
  open,
  model: () => model!,
};
Object.assign(globalThis, { bench });
