/** Runtime, GPU and device facts for the computation service: kernels, separate runners, shaders. */
import packageJson from '../../../package.json' with { type: 'json' };
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import { type ComputeDtype, createOrtRunner, type OrtRunner, type Provider, wasmThreads } from '../ort/index.ts';
import { gpuDevice } from './gpu-device.ts';
import { openGraph } from './graph-session.ts';
import { openShader, type Program, type ShaderProblem, ShaderRefusal } from './shader.ts';

interface RunnerRequest {
  folder: Pick<ModelFolder, 'config' | 'tensors'>;
  provider: Provider;
  computeDtype: ComputeDtype;
  numBlocks: number;
  blockSize: number;
  fragments: ModelFragments;
  revision: string;
}

/** @param shaderError what a refused shader becomes for the caller */
export function createComputationPlatform(shaderError: new (message: string, problems: readonly ShaderProblem[]) => Error) {
  return {
    threads: wasmThreads(),
    crossOriginIsolated: globalThis.crossOriginIsolated ?? false,
    userAgent: typeof navigator === 'undefined' ? 'unknown' : navigator.userAgent,
    versions: { 'onnxruntime-web': packageJson.dependencies['onnxruntime-web'], glassbox: packageJson.version },
    gpu: () => gpuDevice(),
    openGraph,
    async openShader(program: Program) {
      const gpu = await gpuDevice();
      try {
        if (typeof gpu === 'string') throw new ShaderRefusal(gpu);
        return await openShader(gpu, program);
      } catch (error) {
        throw error instanceof ShaderRefusal ? new shaderError(error.message, error.problems) : error;
      }
    },
    openRunner: (request: RunnerRequest): Promise<OrtRunner> => createOrtRunner(request),
  };
}
