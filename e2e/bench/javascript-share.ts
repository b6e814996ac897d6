/** What scheduling, sampling and bookkeeping take of a step at eight sequences: the part of it outside the runtime. */
import type { Page } from 'playwright';
import type { Benchmark } from './benchmark.ts';
import { median, tokenIds } from './measure.ts';
import { modelSize } from './product.ts';

const SEQUENCES = 8;
const NEW = 200;
const ROUNDS = 3;

interface Steps {
  /** Percent of each step outside `session.run`. */
  outside: number[];
  /** The same from the start of a step to the start of the next, so with what happens between two. */
  untilNext: number[];
  stepMs: number[];
}

export const javascriptShare: Benchmark = {
  name: 'javascript-share',
  run: ({ withProduct }) =>
    withProduct(async (page) => {
      const { vocabSize } = await modelSize(page);
      const rounds: Steps[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const steps = await decodeSteps(
          page,
          Array.from({ length: SEQUENCES }, (_, i) => tokenIds(i * 1000 + round, 16, vocabSize)),
        );
        if (round > 0) rounds.push(steps);
      }
      const of = (field: keyof Steps) => median(rounds.flatMap((steps) => steps[field]));
      const note = `Median of ${rounds.flatMap(({ outside }) => outside).length} steps of ${of('stepMs').toFixed(1)} ms that decode ${SEQUENCES} sequences, from GET scheduler/queue; ${of('untilNext').toFixed(1)} % to the start of the next step.`;
      return [
        {
          name: `JavaScript of a step at ${SEQUENCES} sequences`,
          ours: of('outside'),
          unit: '%',
          target: { of: 'ours', atMost: 10 },
          note,
        },
      ];
    }),
};

function decodeSteps(page: Page, prompts: number[][]): Promise<Steps> {
  return page.evaluate(
    async ({ prompts, newTokens }) => {
      const { client } = globalThis.glassbox;
      const before = (await client.get('scheduler', 'queue', { limit: 0 })).step;
      await Promise.all(
        prompts.map((inputIds) =>
          client.post('model', 'generate', { input_ids: inputIds, max_new_tokens: newTokens, temperature: 0, ignore_eos: true }),
        ),
      );
      const { steps } = await client.get('scheduler', 'queue', { after_step: before, limit: 1000 });
      const decoding = steps.filter(
        ({ features, run_ms }) => features.decode_tokens === prompts.length && features.prefill_tokens === 0 && run_ms !== null,
      );
      const nextStart = new Map(steps.map(({ step, start_ms }) => [step - 1, start_ms]));
      const share = (wholeMs: number, runMs: number) => (1 - runMs / wholeMs) * 100;
      return {
        outside: decoding.map(({ start_ms, end_ms, run_ms }) => share(end_ms - start_ms, run_ms!)),
        untilNext: decoding.flatMap(({ step, start_ms, run_ms }) =>
          nextStart.has(step) ? [share(nextStart.get(step)! - start_ms, run_ms!)] : [],
        ),
        stepMs: decoding.map(({ start_ms, end_ms }) => end_ms - start_ms),
      };
    },
    { prompts, newTokens: NEW },
  );
}
