/** One attention fragment as a graph of its own, and the feeds that a call of it takes: what a model would give it, without the model. */
import { attentionInputs } from '../../engine/graph/attention-inputs.ts';
import { Graph, GraphError } from '../../engine/graph/index.ts';
import type { KernelNumbers, KernelTensors } from '../../patchable/kernels/index.ts';
import { aboutAttention, type AttentionKernel, ATTENTION_KERNELS } from '../../patchable/model/index.ts';
import type { GraphFeed } from '../../ports/computation-platform.ts';

/** Inputs as of the kernel, with positions and lengths; the output is `output`, [B, T, H * D]. */
export function attentionGraph(name: AttentionKernel, sizes: KernelNumbers, parameters: KernelNumbers): Uint8Array<ArrayBuffer> {
  const [numHeads, numKvHeads, headDim] = [sizes['heads']!, sizes['kv_heads']!, sizes['head_dim']!];
  const g = new Graph(`attention ${name}`);
  const q = g.input('q', 'float32', ['B', 'T', numHeads, headDim]);
  g.defineSymbol('B', q, 0);
  g.defineSymbol('T', q, 1);
  const [k, v] = ['k', 'v'].map((input) => g.input(input, 'float32', ['B', 'T', numKvHeads, headDim]));
  const [pastK, pastV] = ['past_k', 'past_v'].map((input) => g.input(input, 'float32', ['B', numKvHeads, 'P', headDim]));
  const kv = {
    positions: g.input('positions', 'int32', ['B', 'T']),
    pastLengths: g.input('past_lengths', 'int32', ['B']),
    totalLengths: g.input('total_lengths', 'int32', ['B']),
    maxTotalLength: g.input('max_total_length', 'int32', [1]),
    past: () => ({ pastK: pastK!, pastV: pastV! }),
  };
  const scale = parameters['scale'] || 1 / Math.sqrt(headDim);
  const layer = { index: 0, numHeads, numKvHeads, headDim, scale, slidingWindow: parameters['window'] || null, softCap: null, rope: null };
  const result = ATTENTION_KERNELS[name](g, attentionInputs(g, kv, layer, { q, k: k!, v: v! }, false));
  const output = 'output' in result ? result.output : result;
  if (output.shape.length !== 3) throw new GraphError(name, '', '[B, T, H * D]', `[${output.shape.join(', ')}]`);
  g.output('output', output);
  return g.encode();
}

/** One run of the graph, and which sequences of the call it computes. */
export interface AttentionRun {
  first: number;
  count: number;
  feeds: Record<string, GraphFeed>;
}

/** The fused operator takes several new tokens for one sequence only where there is a past or padding, and then no unused places. */
export function attentionRuns(name: AttentionKernel, inputs: KernelTensors, sizes: KernelNumbers): AttentionRun[] {
  const [batch, tokens, past] = [sizes['batch']!, sizes['tokens']!, sizes['past']!];
  const alone = aboutAttention(name).fused === true && tokens > 1 && (past > 0 || inputs['lengths'] !== undefined);
  const groups = alone ? Array.from({ length: batch }, (_, i) => [i, 1] as const) : [[0, batch] as const];
  return groups.map(([first, count]) => ({ first, count, feeds: feedsOf(inputs, sizes, first, count, alone) }));
}

function feedsOf(inputs: KernelTensors, sizes: KernelNumbers, first: number, count: number, isCropped: boolean): Record<string, GraphFeed> {
  const [padded, past, heads, kvHeads, dim] = ['tokens', 'past', 'heads', 'kv_heads', 'head_dim'].map((name) => sizes[name]!) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const tokens = isCropped ? (inputs['lengths']?.[first] ?? padded) : padded;
  const pastLengths = Int32Array.from({ length: count }, (_, i) => inputs['past_lengths']?.[first + i] ?? past);
  const totalLengths = pastLengths.map((length, i) => length + (inputs['lengths']?.[first + i] ?? tokens));
  const positions = Int32Array.from({ length: count * tokens }, (_, i) => pastLengths[Math.floor(i / tokens)]! + (i % tokens));
  const places = isCropped ? pastLengths[0]! : past;
  const part = (name: string, width: number): Float32Array =>
    (inputs[name] as Float32Array).subarray(first * padded * width, (first * padded + count * tokens) * width);
  const pastPart = (name: string): GraphFeed => {
    const data = new Float32Array(count * kvHeads * places * dim);
    const whole = inputs[name];
    for (let head = 0; whole && head < count * kvHeads; head++) {
      const from = (first * kvHeads + head) * past * dim;
      data.set(whole.subarray(from, from + places * dim) as Float32Array, head * places * dim);
    }
    return { data, shape: [count, kvHeads, places, dim] };
  };
  return {
    q: { data: part('q', heads * dim), shape: [count, tokens, heads, dim] },
    k: { data: part('k', kvHeads * dim), shape: [count, tokens, kvHeads, dim] },
    v: { data: part('v', kvHeads * dim), shape: [count, tokens, kvHeads, dim] },
    past_k: pastPart('past_k'),
    past_v: pastPart('past_v'),
    positions: { data: positions, shape: [count, tokens] },
    past_lengths: { data: pastLengths, shape: [count] },
    total_lengths: { data: totalLengths, shape: [count] },
    max_total_length: { data: Int32Array.of(totalLengths.reduce((a, b) => Math.max(a, b), 0)), shape: [1] },
  };
}

/** Queries that are padding mean nothing: zeros, as in the reference. */
export function clearPadding(output: Float32Array, inputs: KernelTensors, sizes: KernelNumbers): void {
  const width = sizes['heads']! * sizes['head_dim']!;
  const tokens = sizes['tokens']!;
  inputs['lengths']?.forEach((length, i) => output.fill(0, (i * tokens + length) * width, (i + 1) * tokens * width));
}
