/** Kernels as resources: attention fragments of the graph and WGSL shaders, with shapes, limits, source and reference; and how they are measured. */
import { z } from 'zod';
import { agreement } from './agreement.ts';
import { attention } from '../patchable/generated/rules.ts';
import { nameList } from './built-in-name.ts';
import { tensorSchema } from './tensor.ts';

const provider = z.enum(['webgpu', 'wasm']);

const port = z.object({
  name: z.string(),
  shape: z.array(z.string()).meta({ description: 'Sizes by name or number: `M`, `K`, `head_dim`, `1`.' }),
  dtypes: z.array(z.enum(['float32', 'float16', 'int32', 'uint32'])),
  description: z.string(),
});

const parameter = z.object({
  name: z.string(),
  description: z.string(),
  default: z.number(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
});

const summary = {
  id: z.string().meta({
    description: `Attention fragments by name, as plans use it: ${nameList(attention)}. Shaders begin with \`wgsl.\`: \`wgsl.matmul_tiled\`, \`wgsl.softmax\`.`,
  }),
  kind: z.enum(['attention', 'wgsl']),
  title: z.string(),
  description: z.string(),
  inputs: z.array(port),
  outputs: z.array(port),
  sizes: z
    .array(z.object({ name: z.string(), description: z.string(), minimum: z.int(), maximum: z.int() }))
    .meta({ description: 'The named sizes and their limits on this device.' }),
  parameters: z.array(parameter),
  execution_providers: z.array(provider),
  available: z.boolean(),
  unavailable_reason: z.string().nullable(),
  tolerance: z.number().min(0).meta({ description: 'Largest difference from the reference that counts as agreement, in float32.' }),
  resource_id: z.string().nullable().meta({ description: 'The code resource to patch it by.' }),
  revision_id: z.string().nullable().meta({ description: 'Of the active version; `null`: the built-in one.' }),
};

export const kernelSummary = z.object(summary).meta({ id: 'KernelSummary' });

export const kernelDetail = z
  .object({
    ...summary,
    language: z.enum(['typescript', 'wgsl', 'python']),
    source: z.string().meta({ description: 'The active code.' }),
    reference: z.string().meta({ description: 'The plain TypeScript that it is compared with.' }),
    flops: z.string().nullable().meta({ description: 'Floating-point operations as a formula over the sizes.' }),
    bytes_moved: z.string().nullable().meta({ description: 'Bytes that must be read and written, likewise.' }),
    example_input: z.record(z.string(), tensorSchema).meta({ description: 'A small input for `POST /computation/execute`.' }),
  })
  .meta({ id: 'KernelDetail' });

export const kernelSizes = z
  .record(z.string().max(64), z.int().min(1).max(1_000_000))
  .meta({ description: 'A value for each named size of the kernel.' });
export const kernelParameters = z.record(z.string().max(64), z.float32());

const ms = z.number().min(0);

const timing = z
  .object({
    repeats: z.int(),
    min_ms: ms,
    median_ms: ms,
    mean_ms: ms,
    p95_ms: ms,
    max_ms: ms,
    cv: z.number().min(0).meta({ description: 'Standard deviation / mean.' }),
  })
  .meta({ id: 'Timing', description: 'Over the repeats, the warm-up left out.' });

export const benchmarkResult = z
  .object({
    subject: z.object({ kind: z.enum(['kernel', 'plan']), id: z.string() }),
    revision_id: z.string().nullable().meta({ description: 'Of a kernel: the patch of it that was measured; `null`: the built-in one.' }),
    sizes: kernelSizes,
    execution_provider: provider.nullable(),
    compute_dtype: z.enum(['float32', 'float16']).nullable(),
    timing: timing.nullable().meta({ description: 'From the call to the result; `null` where it was skipped.' }),
    gpu_timing: timing.nullable().meta({ description: 'By timestamp queries, where the adapter has them.' }),
    gflops: z.number().min(0).nullable(),
    gb_per_second: z.number().min(0).nullable(),
    roofline_share: z.number().min(0).nullable().meta({ description: 'Of the measured roofline that binds it: compute or bandwidth.' }),
    prefill_tokens_per_second: z.number().min(0).nullable().meta({ description: 'Of a plan.' }),
    decode_tokens_per_second: z.number().min(0).nullable(),
    agreement: agreement.nullable(),
    skipped: z.string().nullable().meta({ description: 'Why it was not measured, or not to the last repeat.' }),
  })
  .meta({ id: 'BenchmarkResult' });

export const benchmark = z
  .object({
    results: z.array(benchmarkResult),
    roofline: z
      .object({ execution_provider: provider, gflops: z.number().min(0), gb_per_second: z.number().min(0) })
      .array()
      .meta({ description: 'What this device gave for a large matrix product and a large copy, in the same run.' }),
    device: z.object({ adapter: z.string().nullable(), threads: z.int(), user_agent: z.string() }),
    duration_ms: ms,
  })
  .meta({ id: 'Benchmark' });
