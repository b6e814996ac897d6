/** Tries shaders that nobody has tried before, on a device that serves nothing else and is given up with the first that does not end. */
import { type GpuDevice, gpuDevice, setAside } from './gpu-device.ts';
import { type CompilerMessage, type ShaderBench, ShaderError } from '../../ports/shaders.ts';
import { openShader, ShaderTimeout } from './shader.ts';

export const candidateBench: ShaderBench = {
  gpu: () => gpuDevice('candidates'),

  async compile(source) {
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

  async run(program) {
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
  if (typeof gpu === 'string') throw new ShaderError(gpu);
  return gpu;
}
