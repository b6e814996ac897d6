/** `flash_attention` beside `naive` over lengths, by the product's own benchmark: on WASM, and on WebGPU where there is an adapter. */
import type { Benchmark, Measured } from './benchmark.ts';

const SHORTEST = 64;
const REPEATS = 7;
/** Of each kernel at each length: a software adapter takes long. */
const MOST_MS = 4000;
const PROVIDERS = ['wasm', 'webgpu'] as const;

interface Result {
  subject: { id: string };
  agreement: { max_abs_error: number; passed: boolean } | null;
}

function agreementOf({ subject, agreement }: Result): string {
  if (!agreement) return `${subject.id} was not compared with the reference`;
  const { passed, max_abs_error } = agreement;
  return `${subject.id} is ${passed ? 'right' : 'WRONG here'} (largest error ${max_abs_error.toExponential(1)})`;
}

export const attentionKernels: Benchmark = {
  name: 'attention-kernels',
  run: ({ withProduct }) =>
    withProduct(async (page) => {
      const { results, lengths, adapter } = await page.evaluate(
        async ({ shortest, providers, repeats, max_ms }) => {
          const { client } = globalThis.glassbox;
          const { state } = await client.get('model', 'info');
          const lengths: number[] = [];
          for (let tokens = shortest; tokens <= state.max_position_embeddings!; tokens *= 2) lengths.push(tokens);
          const there = providers.filter((name) => state.execution_providers.find((each) => each.name === name)?.available);
          const heads = { heads: state.num_attention_heads!, kv_heads: state.num_key_value_heads!, head_dim: state.head_dim! };
          const measured = [];
          for (const execution_provider of there) {
            for (const tokens of lengths) {
              // Both kernels at one length, then the next: they take turns.
              const { results, device } = await client.post('computation', 'benchmark', {
                kernels: ['flash_attention', 'naive'],
                sizes: [{ batch: 1, tokens, ...heads }],
                execution_provider,
                warmup: 2,
                repeats,
                max_ms,
              });
              measured.push({ tokens, results, device });
            }
          }
          return { results: measured, lengths, adapter: measured.findLast(({ device }) => device.adapter)?.device.adapter ?? null };
        },
        { shortest: SHORTEST, providers: [...PROVIDERS], repeats: REPEATS, max_ms: MOST_MS },
      );
      const rows = PROVIDERS.flatMap((provider) =>
        lengths.map((tokens): Measured => {
          const name = `flash_attention, ${tokens} tokens, ${provider}`;
          const found = results.find((each) => each.tokens === tokens && each.results[0]?.execution_provider === provider);
          const of = (id: string) => found?.results.find(({ subject }) => subject.id === id);
          const [flash, naive] = [of('flash_attention'), of('naive')];
          if (!flash?.timing || !naive?.timing)
            return { name, ours: null, unit: 'ms', note: flash?.skipped ?? naive?.skipped ?? `There is no ${provider} here.` };
          return {
            name,
            ours: flash.timing.median_ms,
            other: { name: 'naive', value: naive.timing.median_ms },
            unit: 'ms',
            note: `${[flash, naive].map(agreementOf).join('; ')}${provider === 'webgpu' && adapter ? `; adapter ${adapter}` : ''}.`,
          };
        }),
      );
      return rows;
    }),
};
