/** What goes on in the page during a soak: random arrivals on both transports, cancels, weight swaps, changes of plan and policy. */
// `globalThis.glassbox` is declared there.
import type {} from '../support.ts';

export interface LifeOptions {
  seed: number;
  durationMs: number;
  /** Mean time between two arrivals. */
  arrivalMs: number;
  swapEveryMs: number;
}

export interface Life {
  started: number;
  /** How requests ended: a finish reason, or the code of the problem that refused or ended them. */
  outcomes: Record<string, number>;
  /** Ends that give no reason, in words. */
  unexplained: string[];
  /** Requests that gave neither an answer nor a problem. */
  lost: number;
  cancelled: number;
  tokensSaved: number;
  weightSwaps: number;
  changes: Record<string, number>;
  /** Per tier when all is over. */
  usedBlocks: Record<string, number>;
  underWay: number;
}

/** Runs in the page: it must not use anything from outside of it. */
export async function live({ seed, durationMs, arrivalMs, swapEveryMs }: LifeOptions): Promise<Life> {
  const { client } = globalThis.glassbox;
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(...items: [T, ...T[]]): T => items[below(items.length)]!;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const life: Life = {
    ...{ started: 0, outcomes: {}, unexplained: [], lost: 0, cancelled: 0, tokensSaved: 0, weightSwaps: 0 },
    ...{ changes: {}, usedBlocks: {}, underWay: 0 },
  };
  const count = (table: Record<string, number>, key: string): void => void (table[key] = (table[key] ?? 0) + 1);
  /** The code of a problem; a failure that is none, or that our own code has to answer for, is told whole. */
  const codeOf = (error: unknown): string => {
    const { code, message } = error as { code?: string; message?: string };
    if (typeof code === 'string' && message && code !== 'internal') return code;
    life.unexplained.push(String(error));
    return code ?? 'no problem';
  };

  const beginning = Array.from({ length: 64 }, (_, i) => 20 + ((i * 37) % 1500));
  const request = async (id: string): Promise<void> => {
    const own = Array.from({ length: 1 + below(60) }, () => 20 + below(1500));
    const input = {
      id,
      input_ids: random() < 0.4 ? [...beginning, ...own] : own,
      max_new_tokens: 1 + below(100),
      temperature: pick(0, 0, 0.8),
      seed: below(1000),
      n: pick(1, 1, 1, 2),
      priority: below(5) - 2,
      ignore_eos: random() < 0.5,
    };
    client.enableRestfulMode(random() < 0.5);
    if (random() < 0.5) {
      const { choices } = await client.post('model', 'generate', input);
      for (const { finish_reason } of choices) count(life.outcomes, finish_reason);
      return;
    }
    let isDone = false;
    for await (const { event, data } of client.stream('model', 'generate', input)) {
      if (event !== 'done') continue;
      isDone = true;
      for (const { finish_reason } of data.choices) count(life.outcomes, finish_reason);
    }
    if (!isDone) life.unexplained.push(`The stream of ${id} ended without its end.`);
  };
  const cancelLater = async (id: string): Promise<void> => {
    await pause(random() * 1500);
    try {
      const { tokens_saved } = await client.delete('model', 'generations/{id}', { id });
      life.cancelled++;
      life.tokensSaved += tokens_saved;
    } catch {
      // It had ended already.
    }
  };
  const change = async (): Promise<void> => {
    const what = pick('policy', 'strategy', 'tiers');
    try {
      if (what === 'policy') {
        const { policies } = await client.get('scheduler', 'policy');
        await client.put('scheduler', 'policy', {
          policy: policies[below(policies.length)]!.name,
          preemption: pick('recompute', 'swap'),
          step_mode: pick('decode_first', 'prefill_first', 'mixed'),
        });
      } else if (what === 'strategy') await client.put('memory', 'config', { strategy: pick('paged', 'dynamic', 'static') });
      else {
        const { tiers } = await client.get('memory', 'config');
        const blocks = pick(40, 80, tiers[0]!.capacity_blocks);
        await client.put('memory', 'config', {
          tiers: [{ name: 'gpu', capacity_blocks: blocks }, ...(random() < 0.5 ? [{ name: 'disk' as const, capacity_blocks: 64 }] : [])],
        });
      }
      count(life.changes, what);
    } catch (error) {
      count(life.changes, `${what} ${codeOf(error)}`);
    }
  };
  const swap = async (): Promise<void> => {
    await client.put('model', 'weights', { source: { kind: 'bundled', id: 'default' }, execution_provider: 'wasm' });
    life.weightSwaps++;
  };

  const underWay = new Set<Promise<void>>();
  const track = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work)).catch(() => {});
  };
  const start = performance.now();
  let nextSwap = start + swapEveryMs;
  while (performance.now() - start < durationMs) {
    await pause(-Math.log(1 - random()) * arrivalMs);
    const id = `soak-${seed}-${life.started++}`;
    track(request(id).catch((error: unknown) => count(life.outcomes, codeOf(error))));
    if (random() < 0.25) track(cancelLater(id));
    if (random() < 0.02) track(change());
    if (performance.now() < nextSwap) continue;
    nextSwap += swapEveryMs;
    track(swap().catch((error: unknown) => count(life.outcomes, `swap ${codeOf(error)}`)));
  }
  const patience = 120_000;
  await Promise.race([Promise.allSettled(underWay), pause(patience)]);
  life.lost = underWay.size;
  life.underWay = (await client.get('model', 'generations')).generations.filter(({ finish_reason }) => finish_reason === null).length;
  for (const { name, used_blocks } of (await client.get('memory', 'stats')).tiers) life.usedBlocks[name] = used_blocks;
  return life;
}
