/** Another tab is seen as long as it is at something, with locks and without. */
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The module as another tab has it. */
async function tab() {
  vi.resetModules();
  return import('./presence.ts');
}

function locks() {
  const held = new Set<string>();
  return {
    request: async (name: string, granted: () => Promise<unknown>) => {
      held.add(name);
      await granted();
      held.delete(name);
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
}

const denied = {
  request: () => Promise.reject(new DOMException('Denied.', 'SecurityError')),
  query: () => Promise.reject(new DOMException('Denied.', 'SecurityError')),
};

it.each([
  ['with locks', { locks: locks() }],
  ['without locks, by asking', {}],
  ['where locks are denied, by asking', { locks: denied }],
])('%s', async (_, navigator) => {
  vi.stubGlobal('navigator', navigator);
  const [a, b] = [await tab(), await tab()];
  const depart = await a.bePresent('start a');
  expect(await b.presentOf(['start a', 'gone'])).toEqual(new Set(['start a']));
  expect(await a.presentOf(['start a'])).toEqual(new Set(['start a']));
  depart();
  await new Promise((resolve) => setTimeout(resolve));
  expect(await b.presentOf(['start a'])).toEqual(new Set());
});

it('sees nobody where there is neither', async () => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('BroadcastChannel', undefined);
  const { bePresent, presentOf } = await tab();
  await bePresent('mine');
  expect(await presentOf(['mine', 'theirs'])).toEqual(new Set(['mine']));
});

it('goes on whatever else is posted on the channel', async () => {
  vi.stubGlobal('navigator', {});
  const [a, b] = [await tab(), await tab()];
  await a.bePresent('start a');
  const stranger = new BroadcastChannel('glassbox-presence');
  const asked = b.presentOf(['start a', 'gone']);
  for (const message of [
    null,
    undefined,
    5,
    'asked',
    { asked: 5 },
    { asked: { length: 1e9 } },
    { asked: [null] },
    { present: 'gone' },
    { present: [{}] },
  ])
    stranger.postMessage(message);
  expect(await asked).toEqual(new Set(['start a']));
  stranger.close();
});
