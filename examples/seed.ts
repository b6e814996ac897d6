// The seed: the design's own use of the workbench, with its constants filled in; the same in Python stands beside it.
// RESTful: each call is a request. The client gives its data; the whole answer comes by `envelope`.
client.enableRestfulMode(true);
const tokenResult = await client.envelope('POST', 'tokenizer', 'tokenize', { text: 'Hello world', add_special_tokens: true });
print(Object.keys(tokenResult)); // data, metadata, examples
const { text } = await client.get('tokenizer', `detokenize/${tokenResult.data.id}`, { skip_special_tokens: true });
print(text); // what was tokenized, by the id that it was given
const { count } = await client.get('tokenizer', 'examples');
print(`${count} examples of the tokenizer`);
const { logits } = await client.post('model', 'forward', { input_ids: [[101, 2023, 2003]], attention_mask: [[1, 1, 1]] });
print('logits', logits);

// Zero-cost: the same call is a function call, and its answer the bare result.
client.enableRestfulMode(false);
const tokens = await client.post('tokenizer', 'tokenize', { text: 'Hello world' });
print('the same ids', String(tokens.input_ids) === String(tokenResult.data.input_ids));

// A plan with an example: running it holds what comes out against the logits.
const plan = {
  id: 'flash_attention_v2',
  plan: { batch_size: 4, kernel: 'flash_attention' },
  example_input: { text: 'Hello world' },
  example_output: { logits: [0.1, 0.2, 0.7] },
};
const kept = await designer.createExecutionPlan(plan);
try {
  print('kept', kept.id, kept.kernel, kept.batch_size);
  const { example } = await client.post('computation', 'execute', { plan_id: plan.id });
  // Three values against a whole vocabulary: it fails, and says why.
  print(
    'its example',
    example?.passed ? 'passed' : 'failed',
    ...(example?.problems.map(({ path, message }) => `${path} ${message}`) ?? []),
  );
} finally {
  await client.delete('computation', `plans/${plan.id}`);
}

// Attention that sees the last 64 tokens only, patched in and taken back.
const newAttentionCode = `
import type { AttentionFragment } from '../../engine/graph/index.ts';

const WINDOW = 64;

const attention: AttentionFragment = (g, { q, layer, wantProbabilities, ...inputs }) => {
  const { numHeads, numKvHeads, headDim, scale, softCap } = layer;
  const perKvHead = numHeads / numKvHeads;
  const queries = g.transpose(q, [0, 2, 1, 3]);
  const keys = g.repeat(inputs.keys(), 1, perKvHead);
  const values = g.repeat(inputs.values(), 1, perKvHead);
  const scores = g.softCap(g.mul(g.matmul(queries, g.transpose(keys, [0, 1, 3, 2])), scale), softCap);
  const probabilities = g.softmax(g.add(scores, inputs.mask(layer.slidingWindow ?? WINDOW)), -1);
  const heads = g.matmul(probabilities, values);
  const output = g.reshape(g.transpose(heads, [0, 2, 1, 3]), ['B', 'T', numHeads * headDim]);
  return wantProbabilities ? { output, probabilities } : output;
};
export default attention;
`;
const { revision_id: revision } = await designer.patchCode('model', newAttentionCode, 'typescript');
try {
  print('active', revision);
} finally {
  await client.post('code', 'resources/model.attention/revert', {});
}

// Prompt and decoded tokens together fill a context of 512.
const experiment = await researcher.runExperiment({ batch_size: 4, seq_len: 512, kernel: 'flash_attention', memory_strategy: 'dynamic' });
table(
  experiment.runs.map(({ state, used, metrics }) => ({
    state,
    kernel: used?.kernel,
    seq_len: used?.seq_len,
    decode_tokens: used?.decode_tokens,
    prefill: metrics?.prefill_tokens_per_second,
    decode: metrics?.decode_tokens_per_second,
  })),
  { title: `Experiment: ${experiment.state}` },
);

const testResults = await tester.runServiceTests('tokenizer');
print(`${testResults.passed} of ${testResults.count} examples pass, ${testResults.left_out.length} left out`);

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
