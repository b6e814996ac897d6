/** What it costs to change the code that runs: from the call to the answer that says it is active, its examples passed. */
import type { Page } from 'playwright';
import type { Benchmark, Measured } from './benchmark.ts';
import { inTurns } from './measure.ts';

const ROUNDS = 9;
/** A resource of each way to become active: called at each step, swapped into the scheduler, and compiled into the graph. */
const RESOURCES = ['sampler', 'scheduler.policy', 'model.attention'];

export const patching: Benchmark = {
  name: 'patching',
  run: (workplace) =>
    workplace.withProduct(async (page) => {
      const rows: Measured[] = [];
      for (const id of RESOURCES) {
        const { put, revert } = await inTurns(ROUNDS, {
          put: (round) => patch(page, id, round),
          revert: () => backToBuiltIn(page, id),
        });
        rows.push(
          { name: `PUT code/resources/${id}`, ours: put, unit: 'ms', note: 'The built-in source with a comment of its own.' },
          { name: `back to the built-in ${id}`, ours: revert, unit: 'ms' },
        );
      }
      return rows;
    }),
};

const patch = (page: Page, id: string, round: number): Promise<number> =>
  page.evaluate(
    async ({ id, round }) => {
      const { client } = globalThis.glassbox;
      const { source } = await client.get('code', 'resources/{id}', { id });
      const start = performance.now();
      const { active } = await client.put('code', 'resources/{id}', { id, source: `${source}\n// round ${round}\n` });
      if (!active) throw new Error(`A copy of the built-in ${id} did not become active.`);
      return performance.now() - start;
    },
    { id, round },
  );

const backToBuiltIn = (page: Page, id: string): Promise<number> =>
  page.evaluate(async (id) => {
    const start = performance.now();
    await globalThis.glassbox.client.delete('code', 'resources/{id}', { id });
    return performance.now() - start;
  }, id);
