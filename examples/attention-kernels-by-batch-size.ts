// One experiment over a grid of attention kernels and batch sizes. Lists are gone through, single values hold for every run.
client.enableRestfulMode(false);

const { name, state, runs, record } = await researcher.runExperiment({
  name: 'Attention kernels by batch size',
  kernel: ['naive', 'flash_attention'],
  batch_size: [1, 2, 4],
  seq_len: 48,
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

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
