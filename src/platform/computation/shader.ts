/** Compiles a compute shader, binds its buffers, dispatches it and reads back, with the time that the GPU took where it can tell. */
import { messageOf } from '../../environment/thrown.ts';
import { ShaderError, type ShaderProgram, type Values } from '../../ports/shaders.ts';
import type { GpuDevice } from './gpu-device.ts';
import { layoutOf, type ShaderLayout } from './shader-layout.ts';

/** It had not ended at its time limit: its device is to be given up. */
export class ShaderTimeout extends ShaderError {}

/** Rejects with ShaderError. */
export async function openShader({ device, timestampQueries }: GpuDevice, program: ShaderProgram) {
  const [x, y, z] = program.workgroups;
  const limit = device.limits.maxComputeWorkgroupsPerDimension;
  if (Math.max(x, y, z) > limit)
    throw new ShaderError(`A dispatch of ${x} × ${y} × ${z} workgroups exceeds the device's ${limit} on an axis.`);
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const { pipeline, layout } = await compiled(device, program).catch(async (error: unknown) => {
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
  const outputs = program.outputs.map(({ length }) => buffer(4 * length, STORAGE | COPY_SRC | COPY_DST));
  const readers = program.outputs.map(({ length }) => buffer(4 * length, MAP_READ | COPY_DST));
  const fillOutputs = () =>
    program.outputs.forEach(({ initial }, i) => {
      if (initial) device.queue.writeBuffer(outputs[i]!, 0, initial.buffer, initial.byteOffset, initial.byteLength);
    });
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
  const bound = (buffers: readonly GPUBuffer[], to: GPUBindGroupLayout, lengths: readonly number[] = []) =>
    device.createBindGroup({
      layout: to,
      // Of the size that the kernel says, so that `arrayLength` and the bounds that the device keeps are the kernel's.
      entries: buffers.map((one, binding) => ({ binding, resource: { buffer: one, size: lengths[binding] ?? one.size } })),
    });
  const group = bound([...inputs, ...outputs, uniform], layout.group, [
    ...program.inputs.map(({ byteLength }) => byteLength),
    ...program.outputs.map(({ length }) => 4 * length),
  ]);
  const probeBytes = 4 * (program.probe?.words ?? 0);
  const probe = program.probe && {
    words: buffer(probeBytes, STORAGE | COPY_SRC),
    told: buffer(program.probe.told.byteLength, UNIFORM | COPY_DST),
    reader: buffer(probeBytes, MAP_READ | COPY_DST),
  };
  if (program.probe && probe) device.queue.writeBuffer(probe.told, 0, program.probe.told);
  const probeGroup = probe && layout.probe ? bound([probe.words, probe.told], layout.probe) : null;
  const close = (): void => made.forEach((one) => one.destroy());
  const refusals = [await device.popErrorScope(), await device.popErrorScope()].filter((error) => error !== null);
  if (refusals.length > 0) {
    close();
    throw new ShaderError(`The device refuses the shader's bindings: ${refusals.map(({ message }) => message).join(' ')}`);
  }

  return {
    async run(read: boolean): Promise<{ outputs: Values[]; gpuMs: number | null; probe: Uint32Array }> {
      fillOutputs();
      // What is wrong with a candidate's bindings may be told only now.
      const isTrial = probe !== undefined;
      if (isTrial) device.pushErrorScope('validation');
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass(
        times ? { timestampWrites: { querySet: times.set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } } : {},
      );
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      if (probeGroup) pass.setBindGroup(1, probeGroup);
      pass.dispatchWorkgroups(x, y, z);
      pass.end();
      if (read) outputs.forEach((output, i) => encoder.copyBufferToBuffer(output, 0, readers[i]!, 0, output.size));
      if (probe) encoder.copyBufferToBuffer(probe.words, 0, probe.reader, 0, probe.words.size);
      if (times) {
        encoder.resolveQuerySet(times.set, 0, 2, times.resolved, 0);
        encoder.copyBufferToBuffer(times.resolved, 0, times.reader, 0, 16);
      }
      device.queue.submit([encoder.finish()]);
      const refusal = isTrial ? device.popErrorScope() : null;
      await ended(device, program.timeLimitMs);
      const refused = await refusal;
      if (refused) throw new ShaderError(`The device refuses to run it: ${refused.message}`);
      const values = read ? await Promise.all(readers.map((reader, i) => readBack(reader, program.outputs[i]!))) : [];
      return {
        outputs: values,
        gpuMs: times ? await elapsedMs(times.reader) : null,
        probe: probe ? new Uint32Array(await bytesOf(probe.reader, probeBytes)) : new Uint32Array(),
      };
    },
    close,
  };
}

interface Compiled {
  pipeline: GPUComputePipeline;
  layout: ShaderLayout;
}

/** What was compiled last, by device: a large shader takes seconds on a software adapter. */
const kept = new WeakMap<GPUDevice, Map<string, Promise<Compiled>>>();
const KEPT = 16;

function compiled(device: GPUDevice, { source, inputs, outputs, probe }: ShaderProgram): Promise<Compiled> {
  const all = kept.get(device) ?? new Map<string, Promise<Compiled>>();
  kept.set(device, all);
  const key = `${inputs.length} ${outputs.length} ${probe !== undefined} ${source}`;
  const known = all.get(key);
  if (known) return known;
  const layout = layoutOf(device, inputs.length, outputs.length, probe !== undefined);
  const made = compile(device, source, layout.pipeline).then((pipeline) => ({ pipeline, layout }));
  all.set(key, made);
  made.catch(() => all.delete(key));
  for (const oldest of all.keys()) if (all.size > KEPT) all.delete(oldest);
  return made;
}

async function compile(device: GPUDevice, source: string, layout: GPUPipelineLayout): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code: source });
  const { messages } = await module.getCompilationInfo();
  const problems = messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, linePos, message }) => ({ line: lineNum, column: linePos, message }));
  if (problems.length > 0) {
    const [first] = problems;
    throw new ShaderError(`Line ${first!.line}, column ${first!.column}: ${first!.message}`, problems);
  }
  try {
    return await device.createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' } });
  } catch (error) {
    throw new ShaderError(`The device makes no pipeline of it: ${messageOf(error)}`);
  }
}

/** Rejects when the device is lost, or with ShaderTimeout. */
async function ended(device: GPUDevice, limitMs: number | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    if (limitMs === undefined) return;
    timer = setTimeout(
      () => reject(new ShaderTimeout(`The shader had not ended after ${Math.round(limitMs)} ms; it is left to itself.`)),
      limitMs,
    );
  });
  await Promise.race([device.queue.onSubmittedWorkDone(), lost(device), late]).finally(() => clearTimeout(timer));
}

async function readBack(reader: GPUBuffer, { dtype, length }: ShaderProgram['outputs'][number]): Promise<Values> {
  const bytes = await bytesOf(reader, 4 * length);
  return dtype === 'float32' ? new Float32Array(bytes) : new Int32Array(bytes);
}

async function bytesOf(reader: GPUBuffer, length: number): Promise<ArrayBuffer> {
  await reader.mapAsync(GPUMapMode.READ);
  const bytes = reader.getMappedRange().slice(0, length);
  reader.unmap();
  return bytes;
}

async function elapsedMs(reader: GPUBuffer): Promise<number> {
  await reader.mapAsync(GPUMapMode.READ);
  const [begin = 0n, end = 0n] = new BigUint64Array(reader.getMappedRange());
  reader.unmap();
  return end > begin ? Number(end - begin) / 1e6 : 0;
}

const lost = (device: GPUDevice): Promise<never> =>
  device.lost.then(({ message }) => {
    throw new ShaderError(`The GPU device was lost: ${message || 'no reason was given'}. A new one is made for the next call.`);
  });
