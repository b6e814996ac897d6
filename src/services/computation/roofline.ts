/** What the device gives at most, as far as a large matrix product and a large copy show it: the roofline that kernels are held against. */
import type { Output } from '../../contract/index.ts';
import { Graph } from '../../engine/graph/index.ts';
import { kernelCall } from './kernel-inputs.ts';
import { findKernel } from './kernels.ts';
import { openKernel } from './open-kernel.ts';
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import type { Provider } from '../../ports/provider.ts';

export type Roofline = Output<'computation', 'benchmark'>['roofline'][number];

const TRIES = 4;
const COPIED_FLOATS = 2 ** 22;
const COPY_SHADER = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> unused: vec4f;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < arrayLength(&x)) { y[i] = x[i] + unused.x; }
}`;

export async function measureRoofline(platform: ComputationPlatform, provider: Provider): Promise<Roofline> {
  const [gflops, gbPerSecond] =
    provider === 'wasm' ? [await wasmProduct(platform), copyInMemory()] : [await gpuProduct(platform), await gpuCopy(platform)];
  return { execution_provider: provider, gflops, gb_per_second: gbPerSecond };
}

/** The best of some tries, in milliseconds. */
async function best(run: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < TRIES; i++) least = Math.min(least, await run());
  return Math.max(least, 1e-3);
}

async function wasmProduct(platform: ComputationPlatform): Promise<number> {
  const size = 384;
  const g = new Graph('roofline');
  const [a, b] = [g.input('a', 'float32', [size, size]), g.input('b', 'float32', [size, size])];
  g.output('c', g.matmul(a, b));
  const graph = await platform.openGraph(g.encode(), 'wasm');
  const feed = { data: new Float32Array(size * size).fill(0.5), shape: [size, size] };
  try {
    const ms = await best(async () => {
      const start = performance.now();
      await graph.run({ a: feed, b: feed });
      return performance.now() - start;
    });
    return (2 * size ** 3) / ms / 1e6;
  } finally {
    await graph.close();
  }
}

/** Bytes read and written by a copy in memory. */
function copyInMemory(): number {
  const [from, to] = [new Float32Array(COPIED_FLOATS).fill(1), new Float32Array(COPIED_FLOATS)];
  let least = Infinity;
  for (let i = 0; i < TRIES; i++) {
    const start = performance.now();
    to.set(from);
    least = Math.min(least, performance.now() - start);
  }
  return (8 * COPIED_FLOATS) / Math.max(least, 1e-3) / 1e6;
}

/** The better of both shaders: tiles pay where memory is slow, and only cost where a CPU plays the GPU. */
async function gpuProduct(platform: ComputationPlatform): Promise<number> {
  const gpu = await platform.gpu();
  const size = typeof gpu !== 'string' && gpu.isSoftware ? 128 : 1024;
  const rates: number[] = [];
  for (const id of ['wgsl.matmul_tiled', 'wgsl.matmul_naive']) {
    const kernel = findKernel(id);
    const open = await openKernel(platform, kernel, kernelCall(kernel, { sizes: { M: size, N: size, K: size }, seed: 0 }));
    try {
      const ms = await best(async () => {
        const { runMs, gpuMs } = await open.run(false);
        return gpuMs || runMs;
      });
      rates.push((2 * size ** 3) / ms / 1e6);
    } finally {
      await open.close();
    }
  }
  return Math.max(...rates);
}

async function gpuCopy(platform: ComputationPlatform): Promise<number> {
  const length = COPIED_FLOATS / 4;
  const groups = length / 64;
  const shader = await platform.openShader({
    source: COPY_SHADER,
    inputs: [new Float32Array(length)],
    outputs: [{ dtype: 'float32', length }],
    uniform: new Uint8Array(16),
    workgroups: [groups, 1, 1],
  });
  try {
    const ms = await best(async () => {
      const start = performance.now();
      const { gpuMs } = await shader.run(false);
      return gpuMs || performance.now() - start;
    });
    return (8 * length) / ms / 1e6;
  } finally {
    shader.close();
  }
}
