/** Memory held for nothing: the engine with `paged`, `dynamic` and `static` allocation under the Azure conversation trace, in Node on the reference runtime. */
import { Engine, type MemoryStrategy } from '../../src/engine/index.ts';
import { excerpt, parseAzureTrace } from '../../src/engine/workload/traces.ts';
import { promptTokens, scaleToContext, type Workload } from '../../src/engine/workload/workload.ts';
import { lru } from '../../src/patchable/memory/index.ts';
import sample from '../../src/patchable/sampler/default.ts';
import { fcfs } from '../../src/patchable/scheduler/index.ts';
import { TINY_CONFIG } from '../../src/platform/reference/random-weights.ts';
import { ReferenceRunner } from '../../src/platform/reference/reference-runner.ts';
import type { Benchmark } from './benchmark.ts';
import { azureTrace, NO_TRACES } from './models.ts';

const REQUESTS = 300;
const CONTEXT = 512;
const BLOCK_SIZE = 16;
const NUM_BLOCKS = 512;

interface Waste {
  /** Percent of the held places that hold nothing, the last block of each sequence left out, and with it. */
  beyondLastBlock: number;
  whole: number;
  /** Sequences in a step, on average. */
  batch: number;
}

export const kvWaste: Benchmark = {
  name: 'kv-waste',
  async run() {
    const trace = azureTrace();
    if (!trace) return [{ name: 'wasted KV memory', ours: null, unit: '%', note: NO_TRACES }];
    const workload = scaleToContext(excerpt(parseAzureTrace(trace), REQUESTS), CONTEXT);
    const [paged, dynamic, fixed] = [await serve(workload, 'paged'), await serve(workload, 'dynamic'), await serve(workload, 'static')];
    const about = `Azure conversation trace, the first ${REQUESTS} requests scaled to a context of ${CONTEXT}, all waiting at once; a request may use the whole context and ends where the trace says. Sequences a step in the same pool: ${paged.batch.toFixed(1)} paged, ${dynamic.batch.toFixed(1)} dynamic, ${fixed.batch.toFixed(1)} static.`;
    return [
      {
        name: 'wasted KV memory of paged, last blocks apart',
        ours: paged.beyondLastBlock,
        other: { name: 'static', value: fixed.beyondLastBlock },
        unit: '%',
        target: { of: 'ours', atMost: 4 },
        note: about,
      },
      {
        name: 'wasted KV memory of paged, last blocks included',
        ours: paged.whole,
        other: { name: 'static', value: fixed.whole },
        unit: '%',
        note: `Blocks of ${BLOCK_SIZE} tokens; dynamic wastes ${dynamic.whole.toFixed(0)} %.`,
      },
    ];
  },
};

/** Serves the workload to its end; the waste is summed over all steps. */
async function serve(workload: Workload, strategy: MemoryStrategy): Promise<Waste> {
  const runner = new ReferenceRunner({
    config: { ...TINY_CONFIG, maxPositionEmbeddings: CONTEXT },
    numBlocks: NUM_BLOCKS,
    blockSize: BLOCK_SIZE,
  });
  const engine = new Engine(runner, {
    policy: fcfs,
    eviction: lru,
    sample,
    strategy,
    maxNumSeqs: 32,
    queueLimit: workload.requests.length,
  });
  const sums = { held: 0, used: 0, needed: 0, sequences: 0, steps: 0 };
  const unsubscribe = engine.subscribe((event) => {
    if (event.type !== 'step') return;
    const { tables } = engine.memoryMap();
    sums.steps++;
    sums.sequences += tables.length;
    for (const { blocks, reserved, computedTokens } of tables) {
      sums.held += (blocks.length + reserved.length) * BLOCK_SIZE;
      sums.used += computedTokens;
      sums.needed += Math.ceil(computedTokens / BLOCK_SIZE) * BLOCK_SIZE;
    }
  });
  const { vocabSize } = runner.shape;
  const generations = workload.requests.map((request) => {
    const promptTokenIds = promptTokens(request, vocabSize);
    let tokens = 0;
    return engine.generate({
      promptTokenIds,
      maxNewTokens: CONTEXT - promptTokenIds.length,
      sampling: { temperature: 0 },
      onToken: () => (++tokens >= request.outputLength ? 'stop' : 'continue'),
    });
  });
  await Promise.all(generations.map(({ result }) => result));
  unsubscribe();
  await engine.stop();
  const percent = (used: number) => (1 - used / sums.held) * 100;
  return { beyondLastBlock: percent(sums.needed), whole: percent(sums.used), batch: sums.sequences / sums.steps };
}
