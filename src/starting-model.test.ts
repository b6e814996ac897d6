/** What silences the worker while the remembered model is loaded, or soon after, is that model's doing; later, or of another, it is not. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Health, PageClient } from './client/page-client.ts';
import { RememberedModel } from './remembered-model.ts';
import { StartingModel } from './starting-model.ts';
import type { ModelRequest } from './worker-messages.ts';

const HUB: ModelRequest = { source: { kind: 'hub', repo: 'owner/name' }, execution_provider: 'wasm' };
const DEFAULT: ModelRequest = { source: { kind: 'bundled', id: 'default' } };
const worker = { postMessage: () => {} };
const swapped = (model: string, request: ModelRequest, isStart: boolean) => ({ kind: 'swapped', model, request, isStart }) as const;

/** A page, its storage and what becomes of a load that a person asks for. */
function visit() {
  const texts = new Map<string, string>();
  const store = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, value: string) => void texts.set(key, value),
    removeItem: (key: string) => void texts.delete(key),
  };
  const memory = new RememberedModel(store, async () => new Set());
  let fail: (error: Error) => void = () => {};
  const client = {
    health: { restoring: null } as Health,
    updateHealth(change: Partial<Health>) {
      this.health = { ...this.health, ...change };
    },
    put: () => new Promise((_, reject) => (fail = reject)),
  };
  const starting = new StartingModel(memory, client as unknown as PageClient);
  const remember = () => memory.note('owner/name', HUB, '');
  return { starting, memory, client, remember, fail: (error: Error) => fail(error) };
}

beforeEach(() => {
  vi.stubGlobal('addEventListener', () => {});
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('is the one that is being loaded, and it is offered', async () => {
  const { starting, client, remember } = visit();
  remember();
  expect(await starting.begin('a', worker)).toMatchObject(HUB);
  starting.suspect(3000);
  expect(await starting.begin('b', worker)).toBeNull();
  expect(client.health.restoring).toMatchObject({ model: 'owner/name', state: 'given up', why: expect.stringContaining('being loaded') });
  expect(starting.again).not.toBeNull();
});

it('is the one that has just come, by a start or by a load, and not one that answered since', async () => {
  for (const isStart of [true, false]) {
    const { starting, remember } = visit();
    if (isStart) remember();
    await starting.begin('a', worker);
    starting.told(swapped('owner/name', HUB, isStart));
    vi.advanceTimersByTime(60_000);
    // Silent for a second: it answered for long before that.
    starting.suspect(1000);
    expect(await starting.begin('b', worker)).toMatchObject(HUB);
    starting.told(swapped('owner/name', HUB, true));
    vi.advanceTimersByTime(60_000);
    starting.suspect(59_000);
    expect(await starting.begin('c', worker)).toBeNull();
  }
});

it('is not one that was silent and answers again, nor one whose place another took', async () => {
  const { starting, client, remember } = visit();
  remember();
  await starting.begin('a', worker);
  starting.suspect(3000);
  starting.withdraw();
  expect(await starting.begin('b', worker)).toMatchObject(HUB);
  starting.told({ kind: 'gives up', why: 'It is torn.', isWish: false });
  starting.told(swapped('default', DEFAULT, true));
  starting.suspect(3000);
  expect(client.health.restoring).toMatchObject({ state: 'given up', why: 'It is torn.' });
});

it('is still offered when a load that was asked for again ends with its worker, until another model comes', async () => {
  const { starting, client, remember, fail } = visit();
  remember();
  await starting.begin('a', worker);
  starting.suspect(3000);
  await starting.begin('b', worker);
  starting.again!();
  expect(client.health.restoring?.state).toBe('loading');
  fail(new Error('The engine worker was restarted.'));
  expect(await starting.begin('c', worker)).toBeNull();
  expect(client.health.restoring).toMatchObject({ model: 'owner/name', state: 'given up', why: 'The engine worker was restarted.' });
  expect(starting.again).not.toBeNull();
  starting.told(swapped('another', { source: { kind: 'bundled', id: 'another' } }, false));
  expect(client.health.restoring).toBeNull();
});

it('is not begun again where a person wanted the default model of a worker that hears nothing', async () => {
  const { starting, client, remember } = visit();
  remember();
  await starting.begin('a', worker);
  starting.useDefault();
  expect(await starting.begin('b', worker)).toBeNull();
  expect(client.health.restoring).toBeNull();
});
