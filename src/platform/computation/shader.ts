/** Compiles a compute shader, binds its buffers, dispatches it and reads back, with the time that the GPU took where it can tell. */
import type { GpuDevice } from './gpu-device.ts';

type Values = Float32Array | Int32Array;

export interface Program {
  source: string;
  inputs: readonly Values[];
  outputs: readonly { dtype: 'float32' | 'int32'; length: number }[];
  uniform: Uint8Array<ArrayBuffer>;
  workgroups: readonly [number, number, number];
}

export interface ShaderProblem {
  line: number;
  column: number;
  message: string;
}

/** What the compiler or the device refuses; the wiring makes it the service's error. */
export class ShaderRefusal extends Error {
  override readonly name = 'ShaderRefusal';
  constructor(
    message: string,
    readonly problems: readonly ShaderProblem[] = [],
  ) {
    super(message);
  }
}

/** Rejects with ShaderRefusal. */
export async function openShader({ device, timestampQueries }: GpuDevice, program: Program) {
  const [x, y, z] = program.workgroups;
  const limit = device.limits.maxComputeWorkgroupsPerDimension;
  if (Math.max(x, y, z) > limit)
    throw new ShaderRefusal(`A dispatch of ${x} × ${y} × ${z} workgroups exceeds the device's ${limit} on an axis.`);
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const pipeline = await compile(device, program.source).catch(async (error: unknown) => {
    await device.popErrorScope();
    await device.popErrorScope();
    throw error;
  });
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ, QUERY_RESOLVE } = GPUBufferUsage;
  const made: { destroy(): void }[] = [];
  const buffer = (size: number, usage: number): GPUBuffer => {
    const one = device.createBuffer({ size: Math.max(16, Math.ceil(size / 4) * 4), usage });
    made.push(one);
    return one;
  };
  const inputs = program.inputs.map((values) => {
    const one = buffer(values.byteLength, STORAGE | COPY_DST);
    device.queue.writeBuffer(one, 0, values.buffer, values.byteOffset, values.byteLength);
    return one;
  });
  const outputs = program.outputs.map(({ length }) => buffer(4 * length, STORAGE | COPY_SRC));
  const readers = program.outputs.map(({ length }) => buffer(4 * length, MAP_READ | COPY_DST));
  const uniform = buffer(program.uniform.byteLength, UNIFORM | COPY_DST);
  device.queue.writeBuffer(uniform, 0, program.uniform);
  const times = timestampQueries
    ? {
        set: device.createQuerySet({ type: 'timestamp', count: 2 }),
        resolved: buffer(16, QUERY_RESOLVE | COPY_SRC),
        reader: buffer(16, MAP_READ | COPY_DST),
      }
    : null;
  if (times) made.push(times.set);
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...inputs, ...outputs, uniform].map((one, binding) => ({ binding, resource: { buffer: one } })),
  });
  const close = (): void => made.forEach((one) => one.destroy());
  const refusals = [await device.popErrorScope(), await device.popErrorScope()].filter((error) => error !== null);
  if (refusals.length > 0) {
    close();
    throw new ShaderRefusal(`The device refuses the shader's bindings: ${refusals.map(({ message }) => message).join(' ')}`);
  }

  return {
    async run(read: boolean): Promise<{ outputs: Values[]; gpuMs: number | null }> {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass(
        times ? { timestampWrites: { querySet: times.set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } } : {},
      );
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y, z);
      pass.end();
      if (read) outputs.forEach((output, i) => encoder.copyBufferToBuffer(output, 0, readers[i]!, 0, output.size));
      if (times) {
        encoder.resolveQuerySet(times.set, 0, 2, times.resolved, 0);
        encoder.copyBufferToBuffer(times.resolved, 0, times.reader, 0, 16);
      }
      device.queue.submit([encoder.finish()]);
      await Promise.race([device.queue.onSubmittedWorkDone(), lost(device)]);
      const values = read ? await Promise.all(readers.map((reader, i) => readBack(reader, program.outputs[i]!))) : [];
      return { outputs: values, gpuMs: times ? await elapsedMs(times.reader) : null };
    },
    close,
  };
}

async function compile(device: GPUDevice, source: string): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code: source });
  const { messages } = await module.getCompilationInfo();
  const problems = messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, linePos, message }) => ({ line: lineNum, column: linePos, message }));
  if (problems.length > 0) {
    const [first] = problems;
    throw new ShaderRefusal(`Line ${first!.line}, column ${first!.column}: ${first!.message}`, problems);
  }
  try {
    return await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  } catch (error) {
    throw new ShaderRefusal(`The device makes no pipeline of it: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readBack(reader: GPUBuffer, { dtype, length }: Program['outputs'][number]): Promise<Values> {
  await reader.mapAsync(GPUMapMode.READ);
  const bytes = reader.getMappedRange().slice(0, 4 * length);
  reader.unmap();
  return dtype === 'float32' ? new Float32Array(bytes) : new Int32Array(bytes);
}

async function elapsedMs(reader: GPUBuffer): Promise<number> {
  await reader.mapAsync(GPUMapMode.READ);
  const [begin = 0n, end = 0n] = new BigUint64Array(reader.getMappedRange());
  reader.unmap();
  return end > begin ? Number(end - begin) / 1e6 : 0;
}

const lost = (device: GPUDevice): Promise<never> =>
  device.lost.then(({ message }) => {
    throw new ShaderRefusal(`The GPU device was lost: ${message || 'no reason was given'}. A new one is made for the next call.`);
  });
