/** A long life of the built site: requests come, stop and go while weights, plans and policies change; at the end nothing is held, lost, or larger. */
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { openWorkplace } from '../bench/workplace.ts';
import { live, type Life } from './life.ts';

const USAGE = `npm run soak [-- --minutes 10] [--seed 1] [--dist FOLDER]
  --minutes  how long requests go on arriving, after one minute that warms up
  --seed     of arrivals, requests and changes
  --dist     a built site to take in place of dist/, as it is`;
const WARM_UP_MS = 60_000;
const ARRIVAL_MS = 150;
const SWAP_EVERY_MS = 45_000;
const MIB = 2 ** 20;
/** Growth of the page with its worker that counts as none: allocators do not give all back. */
const MOST_GROWTH_MIB = 32;

/** @returns the exit code: 1 where something was lost, held or grew */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, dist: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.info(USAGE);
    return 0;
  }
  const seed = Number(values.seed ?? 1);
  const workplace = await openWorkplace(values.dist);
  try {
    return await workplace.withProduct(async (page) => {
      const complaints: string[] = [];
      page.on('pageerror', ({ message }) => complaints.push(message));
      const options = { arrivalMs: ARRIVAL_MS, swapEveryMs: SWAP_EVERY_MS };
      await page.evaluate(live, { ...options, seed, durationMs: WARM_UP_MS });
      const before = await memoryOf(page);
      const life = await page.evaluate(live, { ...options, seed: seed + 1, durationMs: Number(values.minutes ?? 10) * 60_000 });
      const after = await memoryOf(page);
      console.info(JSON.stringify(life, null, 2));
      console.info(`Memory of the page with its worker: ${before.toFixed(1)} MiB before, ${after.toFixed(1)} MiB after.`);
      const failures = [...failuresOf(life), ...complaints.map((message) => `uncaught: ${message}`)];
      if (after - before > MOST_GROWTH_MIB) failures.push(`Memory grew by ${(after - before).toFixed(1)} MiB.`);
      console.info(failures.length > 0 ? failures.join('\n') : 'Nothing was lost, nothing is held, nothing grew.');
      return failures.length > 0 ? 1 : 0;
    });
  } finally {
    await workplace.close();
  }
}

function failuresOf({ lost, unexplained, underWay, usedBlocks }: Life): string[] {
  return [
    ...(lost > 0 ? [`${lost} requests gave no answer.`] : []),
    ...unexplained.slice(0, 10),
    ...(underWay > 0 ? [`${underWay} generations are still under way.`] : []),
    ...Object.entries(usedBlocks).flatMap(([tier, blocks]) => (blocks > 0 ? [`${blocks} blocks of tier ${tier} are held.`] : [])),
  ];
}

/** After a collection; MiB. */
async function memoryOf(page: Page): Promise<number> {
  await page.requestGC();
  const bytes = await page.evaluate(async () => {
    const { measureUserAgentSpecificMemory } = performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> };
    return (await measureUserAgentSpecificMemory.call(performance)).bytes;
  });
  return bytes / MIB;
}
