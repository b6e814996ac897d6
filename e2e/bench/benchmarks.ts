/** All benchmarks, in the order in which they run. */
import { attentionKernels } from './attention-kernels.ts';
import type { Benchmark } from './benchmark.ts';
import { contextLength } from './context-length.ts';
import { javascriptShare } from './javascript-share.ts';
import { kvWaste } from './kv-waste.ts';
import { overhead } from './overhead.ts';
import { patching } from './patching.ts';
import { sharedPrefix } from './shared-prefix.ts';
import { simulation } from './simulation.ts';
import { smollm2 } from './smollm2.ts';
import { startup } from './startup.ts';
import { streams } from './streams.ts';
import { throughput } from './throughput.ts';
import { webgpu } from './webgpu.ts';

export const benchmarks: readonly Benchmark[] = [
  overhead,
  throughput,
  patching,
  startup,
  streams,
  sharedPrefix,
  contextLength,
  javascriptShare,
  kvWaste,
  attentionKernels,
  webgpu,
  simulation,
  smollm2,
];
