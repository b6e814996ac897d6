/** What a kernel's source must fit, as WGSL with comments, told from the kernel's definition. */
import type { KernelParameter, KernelSize, ShaderKernel } from '../../../patchable/kernels/index.ts';

const TYPES = { float32: 'f32', int32: 'i32' } as const;

export function kernelSignature(kernel: ShaderKernel): string {
  const { name, title, rule, inputs, outputs, sizes, parameters, source, tolerance } = kernel;
  const fields = [...Object.keys(sizes).map((size) => `${size}: u32`), ...Object.keys(parameters).map((parameter) => `${parameter}: f32`)];
  const bindings = [...inputs.map((port) => ({ port, access: 'read' })), ...outputs.map((port) => ({ port, access: 'read_write' }))].map(
    ({ port, access }, binding) =>
      `@group(0) @binding(${binding}) var<storage, ${access}> ${port.name}: array<${TYPES[port.dtype]}>; // [${port.shape.join(', ')}] ${port.description}`,
  );
  const example = Object.fromEntries(Object.entries(sizes).map(([size, { example: value }]) => [size, value]));
  const own = /@workgroup_size\([^)]*\)/.exec(source)?.[0];
  return [
    `// kernel.${name}: ${title}. ${rule}`,
    `// Entry point main. The names are free, the bindings are not, and one may be left unused.`,
    `struct Params { ${fields.join(', ')} }`,
    '',
    ...bindings,
    `@group(0) @binding(${bindings.length}) var<uniform> params: Params;`,
    '',
    ...Object.entries(sizes).map(([size, { description: text, maximum }]: [string, KernelSize]) => `// ${size}: 1 … ${maximum}. ${text}`),
    ...Object.entries(parameters).map(
      ([parameter, { description: text, default: value }]: [string, KernelParameter]) =>
        `// ${parameter}: ${value} unless it is given. ${text}`,
    ),
    `// Dispatched: ${kernel.workgroups(example).join(' × ')} workgroups for ${shownNumbers(example)}${own ? `; the built-in one has ${own}` : ''}.`,
    `// Every element of the outputs must be written, and lie within ${tolerance} of the reference.`,
    '',
  ].join('\n');
}

export const shownNumbers = (numbers: Readonly<Record<string, number>>): string =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
