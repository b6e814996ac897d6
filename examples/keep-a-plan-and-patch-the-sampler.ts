// Execution plans and patched code are resources. Keep a plan, run it, patch the sampler, see the difference, revert.
client.enableRestfulMode(true);

// A plan says how a batch is computed. Kept under an id, it can be run, compared and used by others.
const plan = {
  id: 'two-by-sixteen',
  name: 'Two sequences of sixteen tokens',
  kernel: 'naive',
  batch_size: 2,
  seq_len: 16,
  decode_tokens: 4,
  memory_strategy: 'paged',
} as const;

const { id, problems, kv_bytes } = await designer.createExecutionPlan(plan);
print('Kept', id, problems.length === 0 ? 'it can run now' : problems, `${kv_bytes} bytes of keys and values`);
try {
  const { used, metrics, run_ms } = await client.post('computation', 'execute', { plan_id: id });
  table(
    (used?.fallbacks ?? []).map(({ field, asked, used: got, reason }) => ({ field, asked, got, reason })),
    { title: 'Where the run departed from the plan' },
  );
  print(`Ran in ${run_ms.toFixed(1)} ms`, metrics);
} finally {
  await client.delete('computation', 'plans/{id}', { id });
}

// A patch becomes active once it compiles and passes its examples; then every request of the workbench samples by it.
const alwaysTheFirst = `
import type { SamplingFunction } from '../../engine/sampler.ts';

/** Greedy, whatever the request asks for. */
const sample: SamplingFunction = (logits) => {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
};
export default sample;
`;

const before = await twice();
await designer.patchCode('sampler', alwaysTheFirst, 'typescript');
try {
  table(
    [
      { sampler: 'built in', ...before },
      { sampler: 'patched', ...(await twice()) },
    ],
    { title: 'One prompt, two seeds' },
  );
} finally {
  await client.post('code', 'resources/{id}/revert', { id: 'sampler' });
}

/** The same hot prompt under two seeds. */
async function twice() {
  const texts = [];
  for (const seed of [1, 2]) {
    const { choices } = await client.post('model', 'generate', { prompt: 'The little dog', max_new_tokens: 8, temperature: 1.5, seed });
    texts.push(choices[0]?.text);
  }
  return { first: texts[0], second: texts[1], alike: texts[0] === texts[1] };
}

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
