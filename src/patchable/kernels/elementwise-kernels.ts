/** Shaders that go over elements one by one, and the one that picks the largest. */
import argmaxReference from './argmax.reference.ts';
import argmaxReferenceSource from './argmax.reference.ts?raw';
import argmaxSource from './argmax.wgsl?raw';
import ropeReference from './rope.reference.ts';
import ropeReferenceSource from './rope.reference.ts?raw';
import ropeSource from './rope.wgsl?raw';
import { ceilDivide, type ShaderKernel, spread } from './shader-kernel.ts';
import siluReference from './silu_mul.reference.ts';
import siluReferenceSource from './silu_mul.reference.ts?raw';
import siluSource from './silu_mul.wgsl?raw';

export const ropeKernel: ShaderKernel = {
  name: 'rope',
  title: 'Rotary positions',
  description: 'Pairs of components turn by an angle of their token (arXiv:2104.09864).',
  source: ropeSource,
  referenceSource: ropeReferenceSource,
  reference: ropeReference,
  inputs: [
    { name: 'x', shape: ['tokens', 'heads', '2 * half_dim'], dtype: 'float32', description: 'Queries or keys.' },
    { name: 'cosines', shape: ['tokens', 'half_dim'], dtype: 'float32', description: 'Of each token’s angles.' },
    { name: 'sines', shape: ['tokens', 'half_dim'], dtype: 'float32', description: 'Of the same angles.' },
  ],
  outputs: [{ name: 'y', shape: ['tokens', 'heads', '2 * half_dim'], dtype: 'float32', description: 'The turned heads.' }],
  sizes: {
    tokens: { description: 'Tokens.', maximum: 131_072, example: 8 },
    heads: { description: 'Heads of a token.', maximum: 256, example: 4 },
    half_dim: { description: 'Pairs of a head: half its components.', maximum: 256, example: 8 },
  },
  parameters: {},
  workgroups: (sizes) => spread(ceilDivide(sizes['tokens']! * sizes['heads']! * sizes['half_dim']!, 64)),
  flops: '6 * tokens * heads * half_dim',
  bytesMoved: '16 * tokens * heads * half_dim + 8 * tokens * half_dim',
  tolerance: 1e-5,
  cases: [{ sizes: { tokens: 5, heads: 3, half_dim: 6 } }, { sizes: { tokens: 1, heads: 1, half_dim: 1 } }],
};

export const siluMul: ShaderKernel = {
  name: 'silu_mul',
  title: 'SiLU times',
  description: 'gate · sigmoid(gate) · up, the middle of a gated MLP (arXiv:2002.05202).',
  source: siluSource,
  referenceSource: siluReferenceSource,
  reference: siluReference,
  inputs: [
    { name: 'gate', shape: ['elements'], dtype: 'float32', description: 'The gate.' },
    { name: 'up', shape: ['elements'], dtype: 'float32', description: 'What it lets through.' },
  ],
  outputs: [{ name: 'y', shape: ['elements'], dtype: 'float32', description: 'Their product.' }],
  sizes: { elements: { description: 'Elements.', maximum: 1_000_000, example: 256 } },
  parameters: {},
  workgroups: (sizes) => spread(ceilDivide(sizes['elements']!, 64)),
  flops: '5 * elements',
  bytesMoved: '12 * elements',
  tolerance: 1e-5,
  cases: [{ sizes: { elements: 131 } }, { sizes: { elements: 1 } }],
};

export const argmax: ShaderKernel = {
  name: 'argmax',
  title: 'Argmax',
  description: 'The place of the largest value of each row, the first of equal ones: greedy sampling.',
  source: argmaxSource,
  referenceSource: argmaxReferenceSource,
  reference: argmaxReference,
  inputs: [{ name: 'x', shape: ['rows', 'columns'], dtype: 'float32', description: 'Logits.' }],
  outputs: [{ name: 'index', shape: ['rows'], dtype: 'int32', description: 'Places of the largest values.' }],
  sizes: {
    rows: { description: 'Rows, each by itself.', maximum: 1_000_000, example: 1 },
    columns: { description: 'Values of a row.', maximum: 1_000_000, example: 256 },
  },
  parameters: {},
  workgroups: (sizes) => spread(sizes['rows']!),
  flops: 'rows * columns',
  bytesMoved: '4 * rows * columns + 4 * rows',
  tolerance: 0,
  cases: [{ sizes: { rows: 5, columns: 300 } }, { sizes: { rows: 2, columns: 3 } }, { sizes: { rows: 1, columns: 1 } }],
};
