/** Does the simulator foretell this device? The makespan of three workloads by `POST /scheduler/schedule`, simulated and live. */
import type { Page } from 'playwright';
import type { Input } from '../../src/contract/index.ts';
import type { Benchmark, Measured } from './benchmark.ts';

type Workload = Input<'scheduler', 'schedule'>['workload'];

const ROUNDS = 3;
const uniform = (min: number, max: number) => ({ distribution: 'uniform' as const, min, max });

const WORKLOADS: Record<string, Workload> = {
  'Poisson arrivals': { kind: 'poisson', rate: 20, num_requests: 40, prompt_tokens: uniform(16, 128), output_tokens: uniform(8, 48) },
  'closed loop of 8 users': {
    kind: 'closed_loop',
    concurrency: 8,
    num_requests: 40,
    prompt_tokens: uniform(16, 96),
    output_tokens: uniform(16, 64),
  },
  'bursts with a shared prefix': {
    kind: 'gamma',
    rate: 20,
    burstiness: 0.25,
    num_requests: 40,
    prompt_tokens: uniform(16, 64),
    output_tokens: uniform(8, 48),
    shared_prefix: { groups: 2, tokens: 128 },
  },
};

export const simulation: Benchmark = {
  name: 'simulation',
  run: ({ withProduct }) =>
    withProduct(async (page) => {
      const rows: Measured[] = [];
      for (const [name, workload] of Object.entries(WORKLOADS)) rows.push(await compare(page, name, workload));
      return rows;
    }),
};

/** Simulated first, with the costs of the steps before: the live run's own steps are not known then. Other seeds, so that no prompt is cached. */
async function compare(page: Page, name: string, workload: Workload): Promise<Measured> {
  const row = { name: `simulated makespan, ${name}`, unit: 'ms' };
  const simulated: number[] = [];
  const live: number[] = [];
  let fitError: number | null = null;
  try {
    for (let seed = 0; seed <= ROUNDS; seed++) {
      const foretold = seed > 0 ? await makespan(page, { workload, mode: 'simulate', seed, include_steps: false }) : null;
      const real = await makespan(page, { workload, mode: 'run', seed, include_steps: false });
      if (!foretold) continue;
      simulated.push(foretold.ms);
      live.push(real.ms);
      fitError = foretold.fitError;
    }
  } catch (error) {
    return {
      ...row,
      ours: null,
      note: `POST scheduler/schedule answered: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    };
  }
  const note = `Seeds 1–${ROUNDS}; error of the fitted cost model over steps that it had not seen: ${fitError === null ? 'not told' : `${fitError.toFixed(0)} %`}.`;
  return { ...row, ours: simulated, other: { name: 'live', value: live }, target: { of: 'ratio', atLeast: 0.85, atMost: 1.15 }, note };
}

function makespan(page: Page, input: Input<'scheduler', 'schedule'>): Promise<{ ms: number; fitError: number | null }> {
  return page.evaluate(async (input) => {
    const { metrics, cost_model } = await globalThis.glassbox.client.post('scheduler', 'schedule', input);
    return { ms: metrics.makespan_ms, fitError: cost_model?.mean_absolute_percentage_error ?? null };
  }, input);
}
