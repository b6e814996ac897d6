/** Examples can be edited and put back; own scripts come, change and go; a broken store does no harm. */
import { expect, test } from 'vitest';
import { Catalogue, examples, NEW_SCRIPTS } from './catalogue.ts';

function storage(initial: string | null = null) {
  let text = initial;
  return { getItem: () => text, setItem: (_: string, value: string) => void (text = value) };
}

test('the examples say by their names what they do, in an order, without the mark for the type checker', () => {
  expect(examples.map(({ title }) => title)).toEqual([
    'Compare two prompts',
    'Call overhead and throughput',
    'Attention kernels by batch size',
    'Keep a plan and patch the sampler',
    'Run every example',
    'Seed',
    'Seed, in Python',
    'Compare two prompts, in Python',
    'Kernels by batch size, in Python',
    'Patch the norm, in Python',
    'Run every example, in Python',
  ]);
  for (const { source } of examples) {
    expect(source).not.toContain('export {}');
    expect(source).toMatch(/^(?:\/\/|#) .+\n/);
  }
});

test('an edited example is kept, and goes back to what it was', () => {
  const kept = storage();
  const catalogue = new Catalogue(kept);
  const { id, original } = examples[0]!;
  catalogue.edit(id, 'changed');
  expect(new Catalogue(kept).entries.get()[0]).toMatchObject({ id, source: 'changed', original });
  catalogue.restore(id);
  expect(new Catalogue(kept).entries.get()[0]?.source).toBe(original);
});

test('what was changed in an example that is no longer there stays, as a script of one’s own', () => {
  const kept = storage(JSON.stringify({ edited: { researcher: 'mine' }, own: [] }));
  const catalogue = new Catalogue(kept);
  expect(catalogue.entries.get().at(-1)).toEqual({
    id: 'researcher',
    title: 'Researcher',
    source: 'mine',
    language: 'typescript',
    from: 'browser',
  });
  catalogue.create();
  expect(new Catalogue(kept).entries.get().filter(({ id }) => id === 'researcher')).toHaveLength(1);
});

test('own scripts are made with free names, edited, renamed and removed', () => {
  const kept = storage();
  const catalogue = new Catalogue(kept);
  const [a, b] = [catalogue.create(), catalogue.create('print(1)')];
  expect([a.title, b.title]).toEqual(['New script', 'New script 2']);
  catalogue.edit(b.id, 'print(2)');
  catalogue.rename(b.id, ' Mine ');
  catalogue.rename(b.id, '  ');
  catalogue.remove(a.id);
  expect(new Catalogue(kept).entries.get().slice(examples.length)).toEqual([
    { id: b.id, title: 'Mine', source: 'print(2)', language: 'typescript', from: 'browser' },
  ]);
});

test.each(['not json', 'null', '{"own":[{"id":1}],"edited":{"tester":5}}'])('a store with %s in it gives the examples', (text) => {
  expect(new Catalogue(storage(text)).entries.get()).toEqual(examples);
});

test('what the code service holds is there too; a change to it is kept until it is saved or taken back', () => {
  const kept = storage();
  const saved = (source: string) => [{ id: 'script.giraffe', title: 'giraffe', source, language: 'typescript' as const }];
  const open = (source: string) => {
    const catalogue = new Catalogue(kept);
    catalogue.setSaved(saved(source));
    return catalogue;
  };
  const last = (catalogue: Catalogue) => catalogue.entries.get().at(-1);
  open('print(1)').edit('script.giraffe', 'print(2)');
  expect(last(open('print(1)'))).toEqual({ ...saved('print(2)')[0], original: 'print(1)', from: 'service' });
  open('print(1)').restore('script.giraffe');
  expect(last(open('print(1)'))).toMatchObject({ source: 'print(1)' });
  open('print(1)').edit('script.giraffe', 'print(2)');
  // Saved: what the service has from then on is no change, and what another saves is seen.
  open('print(2)');
  expect(last(open('print(3)'))).toMatchObject({ source: 'print(3)', original: 'print(3)' });
});

test('a script is in one language: a template follows the choice, what was written stays', () => {
  const kept = storage();
  const catalogue = new Catalogue(kept);
  const { id } = catalogue.create();
  const now = () => new Catalogue(kept).entries.get().find((each) => each.id === id);
  catalogue.setLanguage(id, 'python');
  expect(now()).toMatchObject({ language: 'python', source: NEW_SCRIPTS.python });
  catalogue.edit(id, 'print(1)');
  catalogue.setLanguage(id, 'typescript');
  expect(now()).toMatchObject({ language: 'typescript', source: 'print(1)' });
  expect(examples.filter(({ language }) => language === 'python')).toHaveLength(5);
});

test('listeners are told', () => {
  const catalogue = new Catalogue(storage());
  let told = 0;
  const stop = catalogue.entries.subscribe(() => told++);
  catalogue.create();
  stop();
  catalogue.create();
  expect(told).toBe(1);
});
