/** Runtime, GPU and device facts for the computation service: kernels, separate runners, shaders. */
import packageJson from '../../../package.json' with { type: 'json' };
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import { type ComputeDtype, createOrtRunner, type OrtRunner, type Provider, wasmThreads } from '../ort/index.ts';
import { candidateBench } from './candidate-bench.ts';
import { gpuDevice, setAside } from './gpu-device.ts';
import { openGraph } from './graph-session.ts';
import { openShader, type Program, type ShaderProblem, ShaderRefusal, ShaderTimeout } from './shader.ts';

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
  const translated = (error: unknown): never => {
    throw error instanceof ShaderRefusal ? new shaderError(error.message, error.problems) : error;
  };
  return {
    threads: wasmThreads(),
    crossOriginIsolated: globalThis.crossOriginIsolated ?? false,
    userAgent: typeof navigator === 'undefined' ? 'unknown' : navigator.userAgent,
    versions: { 'onnxruntime-web': packageJson.dependencies['onnxruntime-web'], glassbox: packageJson.version },
    gpu: () => gpuDevice(),
    openGraph,
    async openShader(program: Program) {
      const gpu = await gpuDevice();
      if (typeof gpu === 'string') return translated(new ShaderRefusal(gpu));
      const shader = await openShader(gpu, program).catch(translated);
      return {
        run: (read: boolean) =>
          shader.run(read).catch((error: unknown) => {
            if (error instanceof ShaderTimeout) setAside('kernels', gpu);
            return translated(error);
          }),
        close: () => shader.close(),
      };
    },
    candidates: {
      gpu: () => candidateBench.gpu(),
      compile: (source: string) => candidateBench.compile(source).catch(translated),
      run: (program: Program) => candidateBench.run(program).catch(translated),
    },
    openRunner: (request: RunnerRequest): Promise<OrtRunner> => createOrtRunner(request),
  };
}
