/** `POST /computation/benchmark`: every subject at every size, measured the same way and held against the device's roofline. */
import { ApiError, type Output, type ParsedInput } from '../../contract/index.ts';
import { evaluateFormula } from '../../patchable/kernels/index.ts';
import type { KernelDefinition } from './kernel-definition.ts';
import { kernelCall } from './kernel-inputs.ts';
import { openKernel } from './open-kernel.ts';
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import type { Provider } from '../../ports/provider.ts';
import { repeat, type RepeatOptions } from './repeat.ts';
import { measureRoofline, type Roofline } from './roofline.ts';
import { canCheck, compareWithReference } from './run-kernel.ts';
import { timingOf } from './timing.ts';

export type Benchmark = Output<'computation', 'benchmark'>;
export type BenchmarkResult = Benchmark['results'][number];
export type BenchmarkInput = ParsedInput<'computation', 'benchmark'>;
type Sizes = BenchmarkInput['sizes'][number];

/** Something that can be measured at sizes. */
export interface Subject {
  kind: 'kernel' | 'plan';
  id: string;
  measure(sizes: Sizes, options: RepeatOptions): Promise<BenchmarkResult>;
}

export interface BenchmarkDevice {
  platform: ComputationPlatform;
  /** Resolves when no request runs. */
  idle(): Promise<void>;
}

export async function benchmark(
  subjects: readonly Subject[],
  input: BenchmarkInput,
  { platform, idle }: BenchmarkDevice,
  onResult: (result: BenchmarkResult) => void,
  signal?: AbortSignal,
): Promise<Benchmark> {
  const start = performance.now();
  const options: RepeatOptions = { warmup: input.warmup, repeats: input.repeats, maxMs: input.max_ms, signal };
  const results: BenchmarkResult[] = [];
  const rooflines = new Map<Provider, Roofline>();
  for (const subject of subjects) {
    for (const sizes of input.sizes.length > 0 ? input.sizes : [{}]) {
      await idle();
      const result = await measured(subject, sizes, options);
      const provider = result.execution_provider;
      if (provider && result.timing && !rooflines.has(provider)) rooflines.set(provider, await measureRoofline(platform, provider));
      const done = provider ? withRoofline(result, rooflines.get(provider)) : result;
      results.push(done);
      onResult(done);
    }
  }
  for (const [provider, before] of rooflines) {
    if (!results.some((result) => result.execution_provider === provider && (result.roofline_share ?? 0) > 1)) continue;
    // Nothing goes beyond a roofline: the device was busy when it was measured.
    await idle();
    rooflines.set(provider, higher(before, await measureRoofline(platform, provider)));
  }
  const gpu = await platform.gpu();
  return {
    results: results.map((result) =>
      withRoofline(result, result.execution_provider ? rooflines.get(result.execution_provider) : undefined),
    ),
    roofline: [...rooflines.values()],
    device: { adapter: typeof gpu === 'string' ? null : gpu.adapter, threads: platform.threads, user_agent: platform.userAgent },
    duration_ms: performance.now() - start,
  };
}

/** Sizes that a subject does not take, or that exceed its limits, are skipped with the reason: the others are measured all the same. */
async function measured(subject: Subject, sizes: Sizes, options: RepeatOptions): Promise<BenchmarkResult> {
  try {
    return await subject.measure(sizes, options);
  } catch (error) {
    if (error instanceof ApiError && ['validation_failed', 'context_exceeded', 'out_of_blocks', 'code_invalid'].includes(error.code))
      return skippedResult(subject, sizes, error.message);
    throw error;
  }
}

export const skippedResult = ({ kind, id }: Pick<Subject, 'kind' | 'id'>, sizes: Sizes, skipped: string | null): BenchmarkResult => ({
  subject: { kind, id },
  revision_id: null,
  sizes,
  execution_provider: null,
  compute_dtype: null,
  timing: null,
  gpu_timing: null,
  gflops: null,
  gb_per_second: null,
  roofline_share: null,
  prefill_tokens_per_second: null,
  decode_tokens_per_second: null,
  agreement: null,
  skipped,
});

/** @param input says which provider and dtype are wanted, and whether to compare */
export function kernelSubject(kernel: KernelDefinition, input: BenchmarkInput, platform: ComputationPlatform): Subject {
  const subject = { kind: 'kernel' as const, id: kernel.id };
  return {
    ...subject,
    async measure(sizes, options) {
      if (input.compute_dtype === 'float16') return skippedResult(subject, sizes, 'Kernels compute in float32 only.');
      if (input.execution_provider === 'wasm' && !kernel.providers.includes('wasm'))
        return skippedResult(subject, sizes, `${kernel.id} is a shader; it runs on WebGPU only.`);
      const call = kernelCall(kernel, { sizes, seed: 0 });
      const shown = Object.fromEntries(Object.entries(call.sizes).filter(([, value]) => value >= 1));
      const open = await openKernel(platform, kernel, call, input.execution_provider);
      try {
        if (open.provider === 'reference')
          return skippedResult(subject, shown, `${open.fallbackReason} The reference in its place is not measured.`);
        const { samples, cutShort } = await repeat(() => open.run(false), options);
        const agreement = input.check_reference ? compareWithReference(kernel, call, (await open.run(true)).outputs) : null;
        const timing = timingOf(samples.map(({ runMs }) => runMs));
        const gpuTiming = timingOf(samples.flatMap(({ gpuMs }) => gpuMs ?? []));
        // A clock that is too coarse for the work tells no rate.
        const ms = gpuTiming?.median_ms || timing?.median_ms || null;
        const unchecked = input.check_reference && !canCheck(kernel, call) ? 'The reference would take too long at these sizes.' : null;
        const fallback = open.fallbackReason && `Ran on WASM: ${open.fallbackReason}`;
        return {
          ...skippedResult(subject, shown, [fallback, cutShort, unchecked].filter(Boolean).join(' ') || null),
          revision_id: kernel.revisionId,
          execution_provider: open.provider,
          compute_dtype: 'float32',
          timing,
          gpu_timing: gpuTiming,
          gflops: ms && evaluateFormula(kernel.flops, call.sizes) / ms / 1e6,
          gb_per_second: ms && evaluateFormula(kernel.bytesMoved, call.sizes) / ms / 1e6,
          agreement,
        };
      } finally {
        await open.close();
      }
    },
  };
}

const higher = (a: Roofline, b: Roofline): Roofline => ({
  ...a,
  gflops: Math.max(a.gflops, b.gflops),
  gb_per_second: Math.max(a.gb_per_second, b.gb_per_second),
});

/** The share of the roofline that binds: whichever of work and traffic needs longer at best. */
function withRoofline(result: BenchmarkResult, roofline: Roofline | undefined): BenchmarkResult {
  if (!roofline || result.gflops === null || result.gb_per_second === null) return result;
  return { ...result, roofline_share: Math.max(result.gflops / roofline.gflops, result.gb_per_second / roofline.gb_per_second) };
}
