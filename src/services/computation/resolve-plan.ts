/** What a plan comes to on this model and device: what it would use, why that differs, and why it could not run as it says. */
import type { ErrorItem } from '../../contract/index.ts';
import { type ModelConfig, parseConfig } from '../../engine/graph/index.ts';
import { aboutAttention, ATTENTION_KERNELS, standInForModel } from '../../patchable/model/index.ts';
import type { ServingModel } from '../serving/active-model.ts';
import type { PlanFields } from '../../contract/plan.ts';
import { type PlanUsed, tokensOf } from './plan.ts';
import type { PlacedPrompt } from './plan-prompts.ts';
import type { LoadedCode, PlanCode } from './plan-code.ts';
import type { ComputeDtype, Provider } from '../../ports/provider.ts';
import type { GpuInfo } from '../../ports/shaders.ts';

export interface ResolvedPlan {
  used: PlanUsed;
  provider: Provider;
  dtype: ComputeDtype;
  config: ModelConfig;
  code: LoadedCode;
}

/** Bytes of keys and values that a plan may hold beside the pool of the active model. */
export const MAX_KV_BYTES = 512 * 2 ** 20;

export const isKernel = (name: string): name is keyof typeof ATTENTION_KERNELS => Object.hasOwn(ATTENTION_KERNELS, name);

/** @throws ConfigError for a folder that is no model of ours; see `planProblems` for one that holds an ONNX graph */
export function resolvePlan(plan: PlanFields, found: PlanCode, code: LoadedCode, model: ServingModel, gpu: GpuInfo | string): ResolvedPlan {
  const config = parseConfig(model.folder.config);
  const fallbacks: PlanUsed['fallbacks'] = [...found.fallbacks];
  let provider: Provider = typeof gpu !== 'string' && !gpu.isSoftware ? 'webgpu' : 'wasm';
  if (plan.execution_provider !== 'auto') provider = plan.execution_provider;
  if (provider === 'webgpu' && typeof gpu === 'string') {
    provider = 'wasm';
    fallbacks.push({ field: 'execution_provider', asked: 'webgpu', used: 'wasm', reason: gpu });
  }
  const hasF16 = provider === 'webgpu' && typeof gpu !== 'string' && gpu.hasF16;
  let dtype: ComputeDtype = hasF16 ? 'float16' : 'float32';
  if (plan.compute_dtype !== 'auto') dtype = plan.compute_dtype;
  if (dtype === 'float16' && !hasF16) {
    dtype = 'float32';
    const reason = provider === 'wasm' ? 'WASM computes in float32 only.' : 'The adapter has no shader-f16.';
    fallbacks.push({ field: 'compute_dtype', asked: 'float16', used: 'float32', reason });
  }
  let { kernel } = found;
  const standIn = provider === 'webgpu' && typeof gpu !== 'string' ? (standInForModel(config) ?? gpu.attentionStandIn) : null;
  if (standIn && isKernel(kernel) && aboutAttention(kernel).fused) {
    kernel = standIn.kernel;
    fallbacks.push({ field: 'kernel', asked: plan.kernel, used: kernel, reason: standIn.reason });
  }
  const used: PlanUsed = {
    ...plan,
    execution_provider: provider,
    compute_dtype: dtype,
    kernel,
    policy: found.policy,
    code_revisions: found.revisions,
    model_id: model.folder.id,
    weights_hash: model.folder.hash,
    fallbacks,
  };
  return { used, provider, dtype, config, code };
}

/**
 * Why a plan could not run now as it says; `path` is a JSON Pointer into it. Empty: it can.
 * @param prompts of its example
 */
export function planProblems(
  plan: PlanFields,
  code: PlanCode,
  model: ServingModel | null,
  gpu: GpuInfo | string,
  prompts: readonly PlacedPrompt[] = [],
): ErrorItem[] {
  const problems: ErrorItem[] = [...code.problems];
  const add = (path: string, message: string): void => void problems.push({ path, message });
  if (plan.kernel !== 'patched' && !isKernel(plan.kernel))
    add('/kernel', `names no attention kernel; there are ${Object.keys(ATTENTION_KERNELS).join(', ')}, and patched.`);
  if (plan.execution_provider === 'webgpu' && typeof gpu === 'string') add('/execution_provider', gpu);
  if (plan.compute_dtype === 'float16' && plan.execution_provider === 'wasm') add('/compute_dtype', 'WASM computes in float32 only.');
  if (!model) {
    add('', 'No model is loaded.');
    return problems;
  }
  if (model.folder.graph) {
    add('', 'The loaded model is a ready-made ONNX graph: it is not built from kernels. Load safetensors.');
    return problems;
  }
  const { maxPositionEmbeddings: context, vocabSize } = parseConfig(model.folder.config);
  if (plan.decode_tokens >= plan.seq_len)
    add('/decode_tokens', `is ${plan.decode_tokens} of the ${plan.seq_len} tokens of seq_len; the prompt needs at least one.`);
  else if (tokensOf(plan) > context) {
    const sampled = plan.decode_tokens === 0 ? ' and one more is sampled after it' : '';
    add('/seq_len', `asks for ${plan.seq_len} tokens${sampled}; the context of ${model.folder.id} is ${context}.`);
  } else if (kvBytes(plan, model) > MAX_KV_BYTES)
    add('/batch_size', `needs ${kvBytes(plan, model)} bytes of keys and values; ${MAX_KV_BYTES} are given to a plan.`);
  for (const { path, ids } of prompts) {
    if (ids.length + Math.max(1, plan.decode_tokens) > context)
      add(path, `has ${ids.length} tokens; with decode_tokens the context of ${context} is exceeded.`);
    const at = ids.findIndex((id) => id >= vocabSize);
    if (at >= 0) add(`${path}/${at}`, `is ${ids[at]}; the vocabulary has ${vocabSize} tokens.`);
  }
  return problems;
}

export function blockBytesOf({ numLayers, numKvHeads, headDim }: ModelConfig, blockSize: number, dtype: ComputeDtype): number {
  return 2 * numLayers * numKvHeads * blockSize * headDim * (dtype === 'float32' ? 4 : 2);
}

/** Bytes of keys and values at the end of a plan. */
export function kvBytes(plan: PlanFields, model: ServingModel): number {
  const dtype = plan.compute_dtype === 'float16' ? 'float16' : 'float32';
  const blocks = plan.batch_size * Math.ceil(plan.seq_len / plan.block_size);
  return blocks * blockBytesOf(parseConfig(model.folder.config), plan.block_size, dtype);
}
