/** Runtime, GPU and device facts for the computation service. */
import packageJson from '../../../package.json' with { type: 'json' };
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import { ShaderError } from '../../ports/shaders.ts';
import { wasmThreads } from '../ort/index.ts';
import { candidateBench } from './candidate-bench.ts';
import { gpuDevice, setAside } from './gpu-device.ts';
import { openGraph } from './graph-session.ts';
import { openShader, ShaderTimeout } from './shader.ts';

export const computationPlatform: ComputationPlatform = {
  threads: wasmThreads(),
  crossOriginIsolated: globalThis.crossOriginIsolated ?? false,
  userAgent: typeof navigator === 'undefined' ? 'unknown' : navigator.userAgent,
  versions: { 'onnxruntime-web': packageJson.dependencies['onnxruntime-web'], glassbox: packageJson.version },
  gpu: () => gpuDevice(),
  openGraph,
  async openShader(program) {
    const gpu = await gpuDevice();
    if (typeof gpu === 'string') throw new ShaderError(gpu);
    const shader = await openShader(gpu, program);
    return {
      run: (read) =>
        shader.run(read).catch((error: unknown) => {
          if (error instanceof ShaderTimeout) setAside('kernels', gpu);
          throw error;
        }),
      close: () => shader.close(),
    };
  },
  candidates: candidateBench,
};
