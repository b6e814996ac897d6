/** A reload brings the model back; what ended the tab, or was not kept, does not come back, and is told once. */
import { expect, it } from 'vitest';
import { RememberedModel } from './remembered-model.ts';
import type { ModelRequest } from './worker-messages.ts';

const HUB: ModelRequest = { source: { kind: 'hub', repo: 'owner/name' }, execution_provider: 'wasm', stream: true };

function storage(text?: string) {
  const texts = new Map<string, string>(text === undefined ? [] : [['glassbox-model', text]]);
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, value: string) => void texts.set(key, value),
    removeItem: (key: string) => void texts.delete(key),
  };
}

/** A visit's memory, and the tabs that live. */
function visits(store = storage()) {
  const living = new Set<string>();
  const memory = new RememberedModel(store, async (names) => new Set(names.filter((name) => living.has(name))));
  const begin = (start: string) => {
    living.add(start);
    return memory.begin(start);
  };
  return { memory, begin, end: (start: string) => living.delete(start) };
}

it('comes back with its options, visit after visit', async () => {
  const { memory, begin, end } = visits();
  expect(await begin('0')).toBeNull();
  for (let visit = 1; visit < 4; visit++) {
    memory.note('owner/name', HUB, String(visit - 1));
    end(String(visit - 1));
    expect(await begin(String(visit))).toMatchObject({
      why: null,
      remembered: { model: 'owner/name', request: { ...HUB, stream: false } },
    });
  }
});

it('does not begin again what ended the page, and does after a page that was left in good order', async () => {
  const { memory, begin, end } = visits();
  memory.note('owner/name', HUB, '');
  await begin('a');
  memory.leave('a');
  end('a');
  expect((await begin('b'))?.why).toBeNull();
  // And now no word of it: the tab crashed.
  end('b');
  expect((await begin('c'))?.why).toContain('ended while it was being loaded');
  expect(await begin('d'), 'told once').toBeNull();
});

it('takes no load for cut short that another tab is still at, whichever ends first', async () => {
  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const { memory, begin, end } = visits();
    memory.note('owner/name', HUB, '');
    expect((await begin('a'))?.why).toBeNull();
    expect((await begin('b'))?.why).toBeNull();
    memory.note('owner/name', HUB, first);
    end(first);
    expect((await begin('c'))?.why, 'the other is still at it').toBeNull();
    memory.note('owner/name', HUB, 'c');
    end(second);
    expect((await begin('d'))?.why, 'and has ended with its tab now').toContain('ended while it was being loaded');
  }
});

it.each([
  ['loading', 'while it was being loaded'],
  ['begun', 'soon after it was loaded'],
] as const)(
  'does not begin again what silenced the worker (%s), unless it answered after all or the model came well since',
  async (when, says) => {
    const { memory, begin } = visits();
    memory.note('owner/name', HUB, '');
    memory.suspect('another', when);
    expect((await begin('a'))?.why).toBeNull();
    memory.suspect('owner/name', when);
    memory.suspect('owner/name', null);
    expect((await begin('b'))?.why).toBeNull();
    memory.suspect('owner/name', when);
    memory.note('owner/name', HUB, 'b');
    expect((await begin('c'))?.why).toBeNull();
    memory.suspect('owner/name', when);
    // A page that is left in good order leaves no word of that; the silence stays.
    memory.leave('c');
    expect(await begin('d')).toMatchObject({
      why: expect.stringContaining(says) as string,
      remembered: { request: { source: HUB.source } },
    });
    expect(await begin('e'), 'told once').toBeNull();
  },
);

it('forgets the model that does not come, and no other that has served since', async () => {
  const { memory, begin } = visits();
  memory.note('owner/name', HUB, '');
  memory.forget('another');
  expect((await begin('a'))?.why).toBeNull();
  memory.forget('owner/name');
  expect(await begin('b')).toBeNull();
});

it('keeps no more of an upload than its name, tells why, and forgets it for the default model', async () => {
  const store = storage();
  const { memory, begin } = visits(store);
  memory.note('mine', { source: { kind: 'upload', files: [{ path: 'config.json', data: 'e30=' }] } }, '');
  expect(store.getItem('glassbox-model')).not.toContain('e30');
  expect(await begin('a')).toMatchObject({
    why: expect.stringContaining('choose its folder again') as string,
    remembered: { model: 'mine' },
  });
  memory.note('owner/name', { ...HUB, cache: false }, '');
  expect((await begin('b'))?.why).toContain('not to be kept');
  memory.note('owner/name', HUB, '');
  memory.note('default', { source: { kind: 'bundled' } }, '');
  expect(await begin('c')).toBeNull();
});

it.each(['', '7', '{"model":', 'null', '[]', '{"model":"x","silent":"constructor"}'])(
  'takes what is no note of its own (%s) for none, or for nothing that can come back',
  async (text) => {
    const begun = await visits(storage(text)).begin('a');
    expect(begun?.remembered.request ?? null).toBeNull();
  },
);
