/** Shaders whose work is products of matrices: two ways to multiply, and attention. */
import attentionReference from './flash_attention.reference.ts';
import attentionReferenceSource from './flash_attention.reference.ts?raw';
import attentionSource from './flash_attention.wgsl?raw';
import matmulReference from './matmul.reference.ts';
import matmulReferenceSource from './matmul.reference.ts?raw';
import naiveSource from './matmul_naive.wgsl?raw';
import tiledSource from './matmul_tiled.wgsl?raw';
import { ceilDivide, type ShaderKernel } from './shader-kernel.ts';

const matmul = {
  referenceSource: matmulReferenceSource,
  reference: matmulReference,
  inputs: [
    { name: 'a', shape: ['M', 'K'], dtype: 'float32', description: 'The left matrix.' },
    { name: 'b', shape: ['K', 'N'], dtype: 'float32', description: 'The right matrix.' },
  ],
  outputs: [{ name: 'c', shape: ['M', 'N'], dtype: 'float32', description: 'Their product.' }],
  sizes: {
    M: { description: 'Rows of a and c.', maximum: 8192, example: 32 },
    N: { description: 'Columns of b and c.', maximum: 65_536, example: 32 },
    K: { description: 'Columns of a, rows of b.', maximum: 8192, example: 32 },
  },
  parameters: {},
  flops: '2 * M * N * K',
  bytesMoved: '4 * M * K + 4 * K * N + 4 * M * N',
  tolerance: 1e-3,
  cases: [{ sizes: { M: 5, N: 7, K: 3 } }, { sizes: { M: 17, N: 19, K: 33 } }, { sizes: { M: 1, N: 1, K: 1 } }],
} as const satisfies Partial<ShaderKernel>;

export const matmulNaive: ShaderKernel = {
  ...matmul,
  name: 'matmul_naive',
  title: 'Matrix product, naive',
  description: 'One invocation for each element of the product, all operands from memory.',
  source: naiveSource,
  workgroups: (sizes) => [ceilDivide(sizes['N']!, 8), ceilDivide(sizes['M']!, 8), 1],
};

export const matmulTiled: ShaderKernel = {
  ...matmul,
  name: 'matmul_tiled',
  title: 'Matrix product, tiled',
  description: 'Tiles of 16 × 16 go through workgroup memory, so that each operand is read K / 16 times.',
  source: tiledSource,
  workgroups: (sizes) => [ceilDivide(sizes['N']!, 16), ceilDivide(sizes['M']!, 16), 1],
};

export const flashAttention: ShaderKernel = {
  name: 'flash_attention',
  title: 'Flash attention',
  description: 'Attention by tiles of 16 keys with a running softmax, so that the scores are never written (arXiv:2205.14135).',
  source: attentionSource,
  referenceSource: attentionReferenceSource,
  reference: attentionReference,
  inputs: [
    { name: 'q', shape: ['heads', 'queries', 'head_dim'], dtype: 'float32', description: 'Queries, the last of the keys’ positions.' },
    { name: 'k', shape: ['kv_heads', 'keys', 'head_dim'], dtype: 'float32', description: 'Keys.' },
    { name: 'v', shape: ['kv_heads', 'keys', 'head_dim'], dtype: 'float32', description: 'Values.' },
  ],
  outputs: [{ name: 'output', shape: ['heads', 'queries', 'head_dim'], dtype: 'float32', description: 'What each query gathered.' }],
  sizes: {
    heads: { description: 'Query heads, a multiple of kv_heads.', maximum: 256, example: 4 },
    kv_heads: { description: 'Heads of keys and values.', maximum: 256, example: 2 },
    queries: { description: 'Queries, at most as many as keys.', maximum: 16_384, example: 16 },
    keys: { description: 'Keys and values.', maximum: 16_384, example: 16 },
    head_dim: { description: 'Components of a head.', maximum: 128, example: 16 },
  },
  parameters: {
    causal: { description: '1: a query sees the keys up to its own position. 0: all.', default: 1, minimum: 0, maximum: 1 },
    scale: { description: 'Factor on the scores; 0 stands for 1 / sqrt(head_dim).', default: 0, minimum: 0 },
  },
  workgroups: (sizes) => [ceilDivide(sizes['queries']!, 32), sizes['heads']!, 1],
  flops: '4 * heads * queries * keys * head_dim',
  bytesMoved: '8 * heads * queries * head_dim + 8 * kv_heads * keys * head_dim',
  tolerance: 1e-4,
  cases: [
    { sizes: { heads: 4, kv_heads: 2, queries: 37, keys: 51, head_dim: 16 } },
    { sizes: { heads: 2, kv_heads: 2, queries: 5, keys: 18, head_dim: 6 }, parameters: { causal: 0, scale: 0.3 } },
    { sizes: { heads: 1, kv_heads: 1, queries: 1, keys: 1, head_dim: 128 } },
  ],
};
