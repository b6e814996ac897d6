/** Tries shaders that nobody has tried before, on a device that serves nothing else and is given up with the first that does not end. */
import { type GpuDevice, gpuDevice, setAside } from './gpu-device.ts';
import { openShader, type Program, ShaderRefusal, ShaderTimeout } from './shader.ts';

/** What the compiler says; lines and columns count from 1, 0 where there is none. */
export interface CompilerMessage {
  severity: 'error' | 'warning' | 'info';
  message: string;
  line: number;
  column: number;
  length: number;
}

export const candidateBench = {
  gpu: () => gpuDevice('candidates'),

  /** What the compiler says of a source. Rejects with ShaderRefusal. */
  async compile(source: string): Promise<CompilerMessage[]> {
    const { device } = await required();
    device.pushErrorScope('validation');
    try {
      const module = device.createShaderModule({ code: source });
      const messages = (await module.getCompilationInfo()).messages.map(({ type, message, lineNum, linePos, length }): CompilerMessage => ({
        ...{ severity: type, message, line: lineNum, column: linePos, length },
      }));
      return messages;
    } finally {
      await device.popErrorScope();
    }
  },

  /** One dispatch. Rejects with ShaderRefusal. */
  async run(program: Program) {
    const gpu = await required();
    try {
      const shader = await openShader(gpu, program);
      const result = await shader.run(true);
      shader.close();
      return result;
    } catch (error) {
      if (error instanceof ShaderTimeout) setAside('candidates', gpu);
      throw error;
    }
  },
};

async function required(): Promise<GpuDevice> {
  const gpu = await gpuDevice('candidates');
  if (typeof gpu === 'string') throw new ShaderRefusal(gpu);
  return gpu;
}
