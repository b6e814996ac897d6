/** Zero-cost mode: what `client.post` and `client.get` add to the service's own method, where both are called in one thread. */
import type { Page } from 'playwright';
import type { Client } from '../../src/client/client.ts';
import { ApiError, type CallContext } from '../../src/contract/index.ts';
import type { Measured } from './benchmark.ts';
import { nodeScripts } from './overhead-in-node.ts';

/** What the measuring script finds in its reach. */
export interface Reach {
  client: Client;
  services: {
    model: { generations(input: object, context: CallContext): unknown };
    tokenizer: { config(input: object, context: CallContext): unknown; detokenize(input: object, context: CallContext): unknown };
  };
}

type Case = 'get' | 'post';
/** Nanoseconds a call, by round. */
type Result = Partial<Record<Case, { ours: number[]; method: number[] }>> | 'no services';

const CASES: Record<Case, string> = { get: 'GET model/generations', post: 'POST tokenizer/detokenize of two ids' };

export async function inWorkerOverhead(page: Page): Promise<Measured[]> {
  const source = `return typeof services === 'undefined' ? 'no services' : (${measure.toString()})({ client, services });`;
  let result = await inTheWorker(page, source);
  let where = 'A script of POST /code/run in the worker, in Chromium.';
  if (result === 'no services') {
    where = 'The script runner in Node, since in this build scripts have no `services` in their reach.';
    result = await nodeScripts(source);
  }
  if (typeof result === 'string') throw new Error(`the script found ${result}`);
  return Object.entries(result).map(([name, { ours, method }]) => ({
    name: `direct call in the worker, ${CASES[name as Case]}`,
    ours,
    other: { name: "the service's method", value: method },
    unit: 'ns',
    target: { of: 'difference', atMost: 200 },
    note: where,
  }));
}

async function inTheWorker(page: Page, source: string): Promise<Result | 'no services'> {
  const answer = await page.evaluate(async (source) => {
    try {
      return {
        result: (await globalThis.glassbox.client.post('code', 'run', { source, language: 'javascript', name: 'overhead' })).result,
      };
    } catch (error) {
      return { message: String(error) };
    }
  }, source);
  if ('result' in answer) return answer.result as Result | 'no services';
  throw new ApiError('internal', answer.message ?? 'The script failed.');
}

/** Runs as a script: nothing outside of it is in reach. */
async function measure({ client, services }: Reach): Promise<Result> {
  // Short windows: most of them pass without the machine doing anything else.
  const ROUNDS = 301;
  const CALLS = 500;
  const context: CallContext = { mode: 'direct', requestId: 'bench', timings: {} };
  const ids = { input_ids: [5, 6] };
  const whole = { input_ids: [5, 6], skip_special_tokens: true, clean_up_tokenization_spaces: false };

  async function nanoseconds(call: () => unknown): Promise<number> {
    const start = performance.now();
    for (let i = 0; i < CALLS; i++) await call();
    return ((performance.now() - start) * 1e6) / CALLS;
  }
  async function compare(ours: () => unknown, method: () => unknown): Promise<{ ours: number[]; method: number[] }> {
    const figures = { ours: [] as number[], method: [] as number[] };
    for (let round = -20; round < ROUNDS; round++) {
      const [a, b] = [await nanoseconds(ours), await nanoseconds(method)];
      if (round < 0) continue;
      figures.ours.push(a);
      figures.method.push(b);
    }
    return figures;
  }

  const get = await compare(
    () => client.get('model', 'generations'),
    () => services.model.generations({}, context),
  );
  const hasTokenizer = await client.get('tokenizer', 'config').then(
    () => true,
    () => false,
  );
  if (!hasTokenizer) return { get };
  return {
    get,
    post: await compare(
      () => client.post('tokenizer', 'detokenize', ids),
      () => services.tokenizer.detokenize(whole, context),
    ),
  };
}
