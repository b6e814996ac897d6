/** Who is said to be at work: the innermost, until a turn after its end, and whoever set a timer. */
import { expect, test, vi } from 'vitest';
import { changedMeanwhile, sharedIntrinsics } from '../environment/intrinsics.ts';
import type { Work } from '../environment/work.ts';
import { attributeCallbacks, currentWork } from './current-work.ts';

const told: (Work | null)[] = [];
currentWork.watch((work) => told.push(work));
const work = (kind: Work['kind'], what: string): Work => ({ kind, what, patch: null });
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('work inside work is told, and its end a turn later', async () => {
  const [outer, inner] = [work('script', 'a'), work('patch', 'b')];
  currentWork.enter(outer);
  currentWork.within(inner, () => expect(currentWork.current).toBe(inner));
  expect(told.splice(0), 'what goes on is told at once').toEqual([outer, inner, outer]);
  for (let i = 0; i < 1000; i++) currentWork.within(inner, () => {});
  expect(told.splice(0).length, 'and not each of a thousand times').toBeLessThan(200);
  await turn();
  if (told.length > 0) expect(told.splice(0)).toEqual([outer]);
  currentWork.leave(outer);
  await turn();
  expect(told.splice(0)).toEqual([null]);
});

test('what throws has ended too', async () => {
  const failing = work('patch', 'c');
  expect(() =>
    currentWork.within(failing, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  await expect(currentWork.throughout(failing, () => Promise.reject(new Error('later')))).rejects.toThrow('later');
  await turn();
  expect(currentWork.current).toBeNull();
  expect(told.splice(0).at(-1)).toBeNull();
});

test('a timer counts to the patch that sets it, the runtime has none, and arguments pass', async () => {
  const scope: Record<string, unknown> = { setTimeout, setInterval, queueMicrotask };
  attributeCallbacks(scope);
  const later = scope['setTimeout'] as typeof setTimeout;
  const [patch, runtime] = [work('patch', 'd'), work('runtime', 'e')];
  const seen = await new Promise<unknown[]>((resolve) =>
    currentWork.within(patch, () => later((value: number) => resolve([value, currentWork.current]), 1, 7)),
  );
  expect(seen).toEqual([7, patch]);
  const free = await new Promise((resolve) => currentWork.within(runtime, () => later(() => resolve(currentWork.current), 1)));
  expect(free).toBeNull();
});

test('what a timer of a patch did to the language is put back when it has run, and told by the name of the patch', async () => {
  const scope: Record<string, unknown> = { setTimeout, setInterval, queueMicrotask };
  attributeCallbacks(scope);
  sharedIntrinsics();
  const later = scope['setTimeout'] as typeof setTimeout;
  const { push } = Array.prototype;
  const change = () => {
    // oxlint-disable-next-line no-extend-native -- as code of a person's might
    Array.prototype.push = () => 0;
  };
  currentWork.within(work('patch', 'g'), () => later(change, 1));
  await vi.waitFor(() => expect(changedMeanwhile()).toMatch(/^A timer of g changed Array\.prototype\.push/));
  expect(Array.prototype.push).toBe(push);
  expect(changedMeanwhile()).toBeNull();
});

test('a timer of what is over comes to nothing, also one that it sets then', async () => {
  const cleared: unknown[] = [];
  const clear = (id: ReturnType<typeof setInterval>) => {
    cleared.push(id);
    clearInterval(id);
  };
  const scope: Record<string, unknown> = { setTimeout, setInterval, clearInterval: clear, queueMicrotask };
  attributeCallbacks(scope);
  const patch = work('patch', 'f');
  let calls = 0;
  const call = () => calls++;
  const every = scope['setInterval'] as (callback: () => void, ms: number) => ReturnType<typeof setInterval>;
  const later = scope['setTimeout'] as typeof setTimeout;
  const id = currentWork.within(patch, () => every(call, 1));
  while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  currentWork.end(patch);
  const seen = calls;
  currentWork.within(patch, () => later(call, 1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(calls).toBe(seen);
  expect(cleared, 'the next time that it would have run').toEqual([id]);
});
