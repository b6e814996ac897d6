// What a call costs, and what generating brings: inside the worker a call is a function call, so what is measured is the work itself.
client.enableRestfulMode(false);

// What the client adds to a method, here one that has nothing to do. In batches: a single call is shorter than the clock's tick.
const nothing = { input_ids: [], skip_special_tokens: false, clean_up_tokenization_spaces: false };
const context = { requestId: 'script', mode: 'direct', timings: {} } as const;
const method = await microseconds(async () => services.tokenizer.detokenize(nothing, context));
const call = await microseconds(() => client.post('tokenizer', 'detokenize', nothing));
table(
  [
    { what: 'the method itself', ...method },
    { what: 'the same by the client', ...call },
  ],
  { title: 'One call, in µs' },
);
print(`A direct call costs ${(call.median - method.median).toFixed(2)} µs more than the method itself.`);

// The same prompt under several seeds: does the speed depend on what is generated?
const runs = [];
for (const seed of [1, 2, 3, 4]) {
  const { choices, timings, usage } = await client.post('model', 'generate', {
    prompt: 'Once upon a time',
    max_new_tokens: 32,
    temperature: 0.8,
    top_p: 0.95,
    ignore_eos: true,
    seed,
  });
  runs.push({
    seed,
    tokens_per_second: timings.tokens_per_second,
    ttft_ms: timings.ttft_ms,
    cached: usage.cached_tokens,
    text: choices[0]?.text,
  });
}
table(runs, { title: 'One prompt, four seeds' });

// And on the batch: samples of one prompt share its KV blocks and decode together.
const widths = [1, 2, 4, 8];
const together: number[] = [];
for (const n of widths) {
  const start = performance.now();
  const { usage } = await client.post('model', 'generate', {
    prompt: 'Once upon a time',
    max_new_tokens: 16,
    n,
    seed: 7,
    ignore_eos: true,
  });
  together.push(usage.completion_tokens / ((performance.now() - start) / 1000));
}
plot({
  kind: 'line',
  title: 'Throughput',
  x_label: 'samples decoded together',
  y_label: 'tokens/s',
  x: widths,
  series: { 'tokens/s': together },
});

print(`Best: ${Math.max(...together).toFixed(0)} tokens/s.`);

/** Median and 95th percentile over batches, after one that warms up. */
async function microseconds(work: () => Promise<unknown>) {
  const [BATCHES, CALLS] = [40, 250];
  const each: number[] = [];
  for (let batch = 0; batch <= BATCHES; batch++) {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) await work();
    if (batch > 0) each.push(((performance.now() - start) / CALLS) * 1000);
  }
  each.sort((a, b) => a - b);
  return { median: each[BATCHES / 2]!, p95: each[Math.floor(BATCHES * 0.95)]! };
}

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
