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

it('comes back with its options, visit after visit', () => {
  const memory = new RememberedModel(storage());
  expect(memory.begin()).toBeNull();
  for (let visit = 0; visit < 3; visit++) {
    memory.note('owner/name', HUB);
    expect(memory.begin()).toMatchObject({ why: null, remembered: { model: 'owner/name', request: { ...HUB, stream: false } } });
  }
});

it('does not begin again what ended the page, and does after a page that was left in good order', () => {
  const memory = new RememberedModel(storage());
  memory.note('owner/name', HUB);
  memory.begin();
  memory.leave();
  expect(memory.begin()?.why).toBeNull();
  // And now no word of it: the tab crashed.
  expect(memory.begin()?.why).toContain('ended while it was being loaded');
  expect(memory.begin(), 'told once').toBeNull();
});

it('keeps no more of an upload than its name, tells why, and forgets it for the default model', () => {
  const store = storage();
  const memory = new RememberedModel(store);
  memory.note('mine', { source: { kind: 'upload', files: [{ path: 'config.json', data: 'e30=' }] } });
  expect(store.getItem('glassbox-model')).not.toContain('e30');
  expect(memory.begin()).toMatchObject({
    why: expect.stringContaining('choose its folder again') as string,
    remembered: { model: 'mine' },
  });
  memory.note('owner/name', { ...HUB, cache: false });
  expect(memory.begin()?.why).toContain('not to be kept');
  memory.note('owner/name', HUB);
  memory.note('default', { source: { kind: 'bundled' } });
  expect(memory.begin()).toBeNull();
});

it.each(['', '7', '{"model":', 'null', '[]'])(
  'takes what is no note of its own (%s) for none, or for nothing that can come back',
  (text) => {
    const begun = new RememberedModel(storage(text)).begin();
    expect(begun?.remembered.request ?? null).toBeNull();
  },
);
