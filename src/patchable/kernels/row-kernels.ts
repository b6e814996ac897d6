/** Shaders that reduce rows: softmax and RMSNorm. */
import normReference from './rms_norm.reference.ts';
import normReferenceSource from './rms_norm.reference.ts?raw';
import normSource from './rms_norm.wgsl?raw';
import { type ShaderKernel, spread } from './shader-kernel.ts';
import softmaxReference from './softmax.reference.ts';
import softmaxReferenceSource from './softmax.reference.ts?raw';
import softmaxSource from './softmax.wgsl?raw';

const sizes = {
  rows: { description: 'Rows, each by itself.', maximum: 1_000_000, example: 8 },
  columns: { description: 'Values of a row.', maximum: 1_000_000, example: 64 },
} as const;

export const softmax: ShaderKernel = {
  name: 'softmax',
  title: 'Softmax',
  description: 'Rows become shares that sum to 1; one workgroup a row.',
  source: softmaxSource,
  referenceSource: softmaxReferenceSource,
  reference: softmaxReference,
  inputs: [{ name: 'x', shape: ['rows', 'columns'], dtype: 'float32', description: 'Scores.' }],
  outputs: [{ name: 'y', shape: ['rows', 'columns'], dtype: 'float32', description: 'Shares.' }],
  sizes,
  parameters: {},
  workgroups: (at) => spread(at['rows']!),
  flops: '5 * rows * columns',
  bytesMoved: '8 * rows * columns',
  tolerance: 1e-5,
  cases: [{ sizes: { rows: 3, columns: 100 } }, { sizes: { rows: 1, columns: 1 } }, { sizes: { rows: 2, columns: 64 }, inputScale: 60 }],
};

export const rmsNorm: ShaderKernel = {
  name: 'rms_norm',
  title: 'RMSNorm',
  description: 'Rows are divided by their root mean square and weighted (arXiv:1910.07467).',
  source: normSource,
  referenceSource: normReferenceSource,
  reference: normReference,
  inputs: [
    { name: 'x', shape: ['rows', 'columns'], dtype: 'float32', description: 'The rows.' },
    { name: 'weight', shape: ['columns'], dtype: 'float32', description: 'A factor for each column.' },
  ],
  outputs: [{ name: 'y', shape: ['rows', 'columns'], dtype: 'float32', description: 'The normalised rows.' }],
  sizes,
  parameters: { epsilon: { description: 'Keeps the divisor from 0.', default: 1e-5, minimum: 0 } },
  workgroups: (at) => spread(at['rows']!),
  flops: '4 * rows * columns',
  bytesMoved: '8 * rows * columns + 4 * columns',
  tolerance: 1e-4,
  cases: [{ sizes: { rows: 3, columns: 130 } }, { sizes: { rows: 2, columns: 1 }, parameters: { epsilon: 0.5 } }],
};
