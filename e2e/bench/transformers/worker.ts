/** transformers.js as its documentation has it: in a worker, on WASM, with files from this server. */
import { AutoModelForCausalLM, env, type PreTrainedModel, Tensor } from '@huggingface/transformers';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';

export interface TransformersBench {
  /** @param modelsUrl where the folder `onnx` lies @param threads of the runtime; 0 leaves it to the library */
  open(modelsUrl: string, threads: number): Promise<void>;
  /** Greedy, to the length asked for. */
  generate(ids: number[], newTokens: number): Promise<{ ms: number; ids: number[] }>;
}

let model: PreTrainedModel | null = null;

const bench: TransformersBench = {
  async open(modelsUrl, threads) {
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = modelsUrl;
    const { wasm: flags } = env.backends.onnx;
    flags!.wasmPaths = { wasm, mjs };
    if (threads > 0) flags!.numThreads = threads;
    model = await AutoModelForCausalLM.from_pretrained('onnx', { dtype: 'fp32', device: 'wasm' });
    // As `ignore_eos` does on the other side; a minimum length would be a logits processor at each step.
    model.generation_config!.eos_token_id = -1;
  },
  async generate(ids, newTokens) {
    const start = performance.now();
    const shape = [1, ids.length];
    const output = (await model!.generate({
      inputs: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      do_sample: false,
      max_new_tokens: newTokens,
    })) as Tensor;
    return { ms: performance.now() - start, ids: Array.from(output.data as BigInt64Array, Number).slice(ids.length) };
  },
};
Object.assign(globalThis, { bench });
