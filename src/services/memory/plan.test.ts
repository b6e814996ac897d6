/** Changing the memory plan while sequences lie in the tiers, and over a disk that is denied or breaks: nothing that is active suffers. */
import { expect, test } from 'vitest';
import { type BlockStore, MemoryBlockStore } from '../../engine/index.ts';
import { expectedTokens, HashRunner } from '../../engine/testing/hash-runner.ts';
import { ActiveModel } from '../serving/active-model.ts';
import { loadedModel } from '../serving/testing/loaded-model.ts';
import { MemoryService } from './index.ts';
import type { OpenDisk } from './plan.ts';

const PROMPT = [1, 2, 3, 4, 5];
const LENGTH = 24;
const tiers = (...lower: { name: 'cpu' | 'disk'; capacity_blocks: number }[]) => [{ name: 'gpu' as const, capacity_blocks: 8 }, ...lower];

/** A store that counts how often it was opened; opening it anew takes it from whoever had it, as the file does. */
class Disk {
  opened = 0;
  denied: string | null = null;
  full = false;

  readonly open: OpenDisk = async () => {
    if (this.denied) throw new Error(this.denied);
    const turn = ++this.opened;
    const blocks = new MemoryBlockStore('disk');
    const check = () => {
      if (turn !== this.opened) throw new Error('The file was opened anew.');
      if (this.full) throw new Error('QuotaExceededError');
    };
    return {
      name: 'disk',
      write: async (slot, bytes) => (check(), blocks.write(slot, bytes)),
      read: async (slot) => (check(), blocks.read(slot)),
    } satisfies BlockStore;
  };
}

/** Room for one and a half sequences, so that one of two is swapped out. */
async function open(disk: Disk) {
  const active = new ActiveModel({ preemption: 'swap', prefixCaching: false, drive: 'manual' });
  await active.swap(loadedModel(new HashRunner({ numBlocks: 8, blockSize: 4 })));
  const service = new MemoryService(active, disk.open);
  const { engine } = active;
  const generate = (id: string) =>
    engine.generate({ id, promptTokenIds: PROMPT, maxNewTokens: LENGTH - PROMPT.length, sampling: { temperature: 0 } }).result;
  const stepUntil = async (isThere: () => boolean) => {
    for (let i = 0; i < 200 && !isThere(); i++) await engine.step();
    expect(isThere()).toBe(true);
  };
  return { service, engine, generate, stepUntil };
}

const configure = (service: MemoryService, change: Parameters<MemoryService['configure']>[0]) => service.configure(change);
const whole = (change: Partial<Parameters<MemoryService['configure']>[0]>) => ({ validate_only: false, ...change });

test('a denied disk is told, and the active plan stays', async () => {
  const disk = new Disk();
  disk.denied = 'SecurityError: the user denied storage.';
  const { service } = await open(disk);
  const before = service.config();
  await expect(configure(service, whole({ strategy: 'static', tiers: tiers({ name: 'disk', capacity_blocks: 9 }) }))).rejects.toMatchObject(
    { code: 'conflict', message: expect.stringContaining('the user denied storage') as string },
  );
  expect(service.config()).toEqual(before);
});

test('tiers that hold a swapped sequence stay as they are, and it comes back whole', async () => {
  const disk = new Disk();
  const { service, engine, generate, stepUntil } = await open(disk);
  await configure(service, whole({ tiers: tiers({ name: 'disk', capacity_blocks: 8 }) }));
  const results = [generate('a'), generate('b')];
  await stepUntil(() => engine.stats().numSwapped > 0);
  const before = service.config();
  for (const lower of [[], [{ name: 'disk' as const, capacity_blocks: 20 }], [{ name: 'cpu' as const, capacity_blocks: 20 }]]) {
    await expect(configure(service, whole({ watermark: 0.2, tiers: tiers(...lower) }))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('blocks of swapped sequences') as string,
    });
  }
  expect(service.config()).toEqual(before);
  await stepUntil(() => engine.stats().numRunning + engine.stats().numSwapped + engine.stats().numWaiting === 0);
  expect(disk.opened).toBe(1);
  expect(service.stats().swapped_in_blocks).toBeGreaterThan(0);
  for (const { completions } of await Promise.all(results)) expect(completions[0]!.tokenIds).toEqual(expectedTokens(1, PROMPT, LENGTH, 16));
});

test('a full disk costs no request, says why, and works again after it is set anew', async () => {
  const disk = new Disk();
  const { service, engine, generate, stepUntil } = await open(disk);
  const plan = whole({ tiers: tiers({ name: 'disk', capacity_blocks: 8 }) });
  await configure(service, plan);
  disk.full = true;
  const results = [generate('a'), generate('b')];
  await stepUntil(() => engine.stats().numRunning + engine.stats().numSwapped + engine.stats().numWaiting === 0);
  for (const { completions } of await Promise.all(results)) expect(completions[0]!.tokenIds).toEqual(expectedTokens(1, PROMPT, LENGTH, 16));
  expect(service.stats().tiers.find(({ name }) => name === 'disk')!.error).toContain('QuotaExceededError');
  disk.full = false;
  await configure(service, plan);
  expect(service.stats().tiers.find(({ name }) => name === 'disk')!.error).toBeNull();
});

test('a change of tiers that goes with an impossible one changes nothing', async () => {
  const disk = new Disk();
  const { service, engine, generate } = await open(disk);
  void generate('a');
  await engine.step();
  const before = service.config();
  await expect(
    configure(
      service,
      whole({
        tiers: [
          { name: 'gpu', capacity_blocks: 1 },
          { name: 'cpu', capacity_blocks: 4 },
        ],
      }),
    ),
  ).rejects.toMatchObject({ code: 'conflict' });
  expect(service.config()).toEqual(before);
});

test('what the device or the live state does not allow is told at the field', async () => {
  const { service, generate, stepUntil, engine } = await open(new Disk());
  const refusal = (change: Parameters<typeof whole>[0]) => configure(service, whole(change)).catch((error: unknown) => error);
  expect(await refusal({ tiers: [{ name: 'gpu', capacity_blocks: 9 }] })).toMatchObject({
    code: 'conflict',
    message: 'tiers[0].capacity_blocks must be at most 8, the blocks that this device holds; it is 9.',
    errors: [{ path: '/tiers/0/capacity_blocks', message: 'must be at most 8, the blocks that this device holds; it is 9.' }],
  });
  expect(await refusal({ block_size: 8 })).toMatchObject({ code: 'conflict', errors: [{ path: '/block_size' }] });
  const running = generate('a');
  await stepUntil(() => engine.stats().memory.referencedBlocks >= 4);
  expect(await refusal({ tiers: [{ name: 'gpu', capacity_blocks: 1 }] })).toMatchObject({
    code: 'conflict',
    errors: [{ path: '/tiers/0/capacity_blocks', message: expect.stringMatching(/^must .*\.$/) as string }],
  });
  await stepUntil(() => engine.stats().memory.referencedBlocks === 0);
  await running;
  expect(() => service.allocate({ tokens: 1000 } as never)).toThrow(
    expect.objectContaining({
      code: 'out_of_blocks',
      errors: [{ path: '/tokens', message: 'must fit the free blocks: they need 250, and 8 of 8 are free.' }],
    }) as never,
  );
});
