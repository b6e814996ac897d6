/** Prefill and decode of the default model on WASM: the product's `generate` beside transformers.js in the same browser, and beside native code. */
import { readFileSync } from 'node:fs';
import * as runtime from 'onnxruntime-node';
import type { Page } from 'playwright';
import { type BareModel, openBareModel } from './bare-model.ts';
import { openBenchWorker } from './bench-worker.ts';
import type { Benchmark, Measured } from './benchmark.ts';
import { inTurns, median, tokenIds } from './measure.ts';
import { DEFAULT_MODEL, NO_ONNX, onnxFolder } from './models.ts';
import { generate, modelSize, threadsOf } from './product.ts';
import type { TransformersBench } from './transformers/worker.ts';
import type { Workplace } from './workplace.ts';

const ROUNDS = 9;
/** Tokens of the prompt for prefill, of the prompt for decode, and generated. */
const LONG = 384;
const SHORT = 16;
const NEW = 128;

/** A greedy generation; milliseconds, and the ids for a look at whether both sides computed the same. */
type Generate = (ids: number[], newTokens: number) => Promise<{ ms: number; ids: number[] }>;

export const throughput: Benchmark = {
  name: 'throughput',
  run: (workplace) => workplace.withProduct((page) => compare(workplace, page)),
};

async function compare(workplace: Workplace, page: Page): Promise<Measured[]> {
  const { vocabSize } = await modelSize(page);
  const threads = await threadsOf(page);
  const native = await openNative(threads);
  const transformers = onnxFolder() ? await openTransformers(workplace, threads) : null;
  try {
    let asked = 0;
    let same = 0;
    const prompts = (kind: number, length: number) => (round: number) => tokenIds(kind * 1000 + round, length, vocabSize);
    const [long, short, first, warm] = [prompts(1, LONG), prompts(2, SHORT), prompts(3, SHORT), prompts(4, LONG)];
    const results = new Map<string, string>();
    /** Tokens per second. The time of a first token on a prompt as short is taken from that of the whole generation. */
    const sides = (side: Generate) => ({
      prefill: async (round: number) => {
        await side(warm(round), 1); // its threads are asleep after the others' turns
        return (LONG / (await side(long(round), 1)).ms) * 1000;
      },
      decode: async (round: number) => {
        const { ms: firstMs } = await side(first(round), 1);
        const { ms, ids } = await side(short(round), NEW);
        const key = String(round);
        if (results.has(key)) {
          asked++;
          if (results.get(key) === ids.join()) same++;
        } else results.set(key, ids.join());
        return ((NEW - 1) / (ms - firstMs)) * 1000;
      },
    });
    const ours = sides((ids, newTokens) => generate(page, ids, newTokens));
    const theirs = transformers && sides(transformers.generate);
    const none = async () => 0;
    const prefill = await inTurns(ROUNDS, {
      ours: ours.prefill,
      theirs: theirs?.prefill ?? none,
      native: async () => {
        await native.prefill(LONG);
        return (LONG / (await native.prefill(LONG))) * 1000;
      },
    });
    const decode = await inTurns(ROUNDS, {
      ours: ours.decode,
      theirs: theirs?.decode ?? none,
      native: async () => ((NEW - 1) / (await native.decode(SHORT, NEW - 1))) * 1000,
    });
    const note = `${threads} threads, a prompt of`;
    const agreement = `the same ids in ${same} of ${asked} generations${same < asked ? ': EXPORT ANEW, these are not the same weights' : ''}`;
    const rows = (name: string, figures: typeof prefill, what: string): Measured[] => [
      transformers
        ? {
            name: `${name}, default model`,
            ours: figures.ours,
            other: { name: 'transformers.js', value: figures.theirs },
            unit: 'tokens/s',
            target: { of: 'ratio', atLeast: 1.2 },
            note: what,
          }
        : { name: `${name}, default model`, ours: figures.ours, unit: 'tokens/s', note: NO_ONNX },
      {
        name: `${name}, default model, and native`,
        ours: figures.ours,
        other: { name: 'onnxruntime-node, bare loop', value: figures.native },
        unit: 'tokens/s',
        note: 'The ceiling: our graph in a loop of session.run, native code, no cache kept and nothing sampled.',
      },
    ];
    return [
      ...rows('prefill', prefill, `${note} ${LONG} tokens. Spread of ours ${spread(prefill.ours)}.`),
      ...rows('decode', decode, `${note} ${SHORT} tokens, ${NEW} new ones; ${agreement}. Spread of ours ${spread(decode.ours)}.`),
    ];
  } finally {
    await transformers?.close();
  }
}

const spread = (values: readonly number[]): string =>
  `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)} around ${median(values).toFixed(0)}`;

async function openTransformers(
  { browser, pagesUrl }: Workplace,
  threads: number,
): Promise<{ generate: Generate; close(): Promise<void> }> {
  const url = await pagesUrl();
  const { worker, close } = await openBenchWorker(browser.shared, `${url}transformers/`);
  type Scope = { bench: TransformersBench };
  await worker.evaluate(({ models, threads }) => (globalThis as unknown as Scope).bench.open(models, threads), {
    models: `${url}models/`,
    threads,
  });
  return {
    generate: (ids, newTokens) =>
      worker.evaluate(({ ids, newTokens }) => (globalThis as unknown as Scope).bench.generate(ids, newTokens), { ids, newTokens }),
    close,
  };
}

async function openNative(threads: number): Promise<BareModel> {
  const config = JSON.parse(readFileSync(`${DEFAULT_MODEL}/config.json`, 'utf8')) as Record<string, unknown>;
  return openBareModel(
    runtime,
    { executionProviders: ['cpu'], intraOpNumThreads: threads },
    config,
    new Uint8Array(readFileSync(`${DEFAULT_MODEL}/model.safetensors`)),
  );
}
