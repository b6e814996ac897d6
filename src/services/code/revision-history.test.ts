/** Tabs that write the history of one resource: none takes from it what another has put there. */
import { expect, it } from 'vitest';
import { MemoryRecords } from '../../environment/record-store.ts';
import type { KeptResource, Revision } from './revision.ts';
import { RevisionHistory } from './revision-history.ts';

const revision = (revisionId: string): Revision => ({
  ...{ revisionId, language: 'typescript', source: `// ${revisionId}`, message: '' },
  createdAt: '2026-01-01T00:00:00.000Z',
});

/** Tabs that were open before any of them wrote. */
async function tabs(count: number, store = new MemoryRecords<KeptResource>()) {
  const histories = Array.from({ length: count }, () => new RevisionHistory(store, () => null as never));
  await Promise.all(histories.map((history) => history.patchedBefore()));
  return { store, histories };
}

const kept = async (store: MemoryRecords<KeptResource>) =>
  (await store.list()).map(({ revisions, inForce }) => ({ ids: revisions.map(({ revisionId }) => revisionId), inForce }));

it('keeps the revisions of both, and the latest is the active one', async () => {
  const { store, histories } = await tabs(2);
  const [a, b] = histories as [RevisionHistory, RevisionHistory];
  await a.keep('script.mine', revision('one'));
  await b.keep('script.mine', revision('two'));
  await a.keep('script.mine', revision('three'));
  expect(await kept(store)).toEqual([{ ids: ['one', 'two', 'three'], inForce: 'three' }]);
  expect((await a.versions('script.mine')).map(({ revisionId }) => revisionId)).toEqual(['three', 'two', 'one']);
  await b.setActive('script.mine', null);
  expect(await kept(store)).toEqual([{ ids: ['one', 'two', 'three'], inForce: null }]);
  await a.setActive('script.mine', 'one');
  expect(await kept(store)).toEqual([{ ids: ['one', 'two', 'three'], inForce: 'one' }]);
});

it('brings nothing back that another has deleted, but what is active here', async () => {
  const { store, histories } = await tabs(2);
  const [a, b] = histories as [RevisionHistory, RevisionHistory];
  await a.keep('script.mine', revision('one'));
  await a.keep('script.mine', revision('two'));
  await b.forget('script.mine');
  await a.setActive('script.mine', 'one');
  expect(await kept(store)).toEqual([{ ids: ['one'], inForce: 'one' }]);
});

it('loses nothing of writes that run at once, in one tab or two', async () => {
  const { store, histories } = await tabs(2);
  const names = ['1', '2', '3', '4', '5', '6'];
  await Promise.all(names.map((name, i) => histories[i % 2]!.keep('script.mine', revision(name))));
  expect((await kept(store))[0]!.ids.toSorted()).toEqual(names);
  expect((await histories[1]!.active('script.mine')).revisionId).toBe('6');
});
