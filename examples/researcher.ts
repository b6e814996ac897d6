// Researcher: one experiment over a grid. Lists are gone through, single values hold for every run.
client.enableRestfulMode(false);

try {
  const { name, state, runs, record } = await researcher.runExperiment({
    name: 'Attention kernels by batch size',
    kernel: ['naive', 'flash_attention'],
    batch_size: [1, 2, 4],
    seq_len: 32,
    decode_tokens: 16,
    memory_strategy: 'paged',
    repeats: 2,
    seed: 7,
  });

  table(
    runs.map((run) => ({
      ...run.parameters,
      repeat: run.repeat,
      state: run.state,
      prefill: run.metrics?.prefill_tokens_per_second,
      decode: run.metrics?.decode_tokens_per_second,
      peak_kv_bytes: run.metrics?.peak_kv_bytes,
    })),
    { title: `${name}: ${state}` },
  );

  // Tokens per second of each kernel, the better of its repeats.
  const best = (kernel: string, batch: number) =>
    Math.max(
      ...runs
        .filter(({ parameters }) => parameters['kernel'] === kernel && parameters['batch_size'] === batch)
        .map(({ metrics }) => metrics?.decode_tokens_per_second ?? 0),
    );
  const batches = [1, 2, 4];
  plot({
    kind: 'line',
    title: 'Decode',
    x_label: 'batch size',
    y_label: 'tokens/s',
    x: batches,
    series: Object.fromEntries(['naive', 'flash_attention'].map((kernel) => [kernel, batches.map((batch) => best(kernel, batch))])),
  });
  // What repeating it needs is kept with it.
  print('Weights', record?.weights_hash, 'seed', record?.seed);
} catch (error) {
  // An endpoint of the contract that is not built yet says so: 501. Anything else is a failure.
  if (!isProblem(error) || error.code !== 'not_implemented') throw error;
  print.warn(error.message);
  await byHand();
}

/** The same question without the experiment service: batches by parallel samples of one prompt. */
async function byHand() {
  const rows = [];
  for (const n of [1, 2, 4]) {
    const { timings, usage } = await client.post('model', 'generate', {
      prompt: 'Once upon a time',
      max_new_tokens: 16,
      n,
      seed: 7,
      ignore_eos: true,
    });
    rows.push({
      batch_size: n,
      tokens: usage.completion_tokens,
      tokens_per_second: usage.completion_tokens / (timings.e2e_ms / 1000),
      ttft_ms: timings.ttft_ms,
    });
  }
  table(rows, { title: 'By hand: samples decoded together' });
}

function isProblem(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error;
}

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
