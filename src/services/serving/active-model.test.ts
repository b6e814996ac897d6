/** Changes of the model that serves: each is made as a whole or not at all, whoever asks, and whoever follows is told what no longer holds. */
import { expect, test } from 'vitest';
import { type BatchRow, ConfigConflictError, type RunResult } from '../../engine/index.ts';
import { HashRunner } from '../../engine/testing/hash-runner.ts';
import { Tokenizer } from '../../engine/text/tokenizer.ts';
import fifo from '../../patchable/memory/fifo.ts';
import lru from '../../patchable/memory/lru.ts';
import fcfs from '../../patchable/scheduler/fcfs.ts';
import sjf from '../../patchable/scheduler/sjf.ts';
import { characterTokenizer } from '../code/testing/character-tokenizer.ts';
import { ActiveModel, type Change } from './active-model.ts';
import { loadedModel } from './testing/loaded-model.ts';

/** Takes fragments, and refuses those that are to be refused. */
class PatchableRunner extends HashRunner {
  readonly revisions: string[] = [];
  disposed = false;

  constructor(private readonly refuses: (revision: string) => boolean = () => false) {
    super({ numBlocks: 8, blockSize: 4 });
  }

  async setFragments(_fragments: unknown, revision: string): Promise<void> {
    if (this.refuses(revision)) throw new Error('It makes no graph.');
    this.revisions.push(revision);
  }

  /** What is tried has no blocks. */
  override async run(rows: readonly BatchRow[]): Promise<RunResult> {
    if (rows.some(({ blockTable }) => blockTable)) return super.run(rows);
    return { logits: rows.map(() => new Float32Array(this.shape.vocabSize)), captures: [], runMs: 0 };
  }

  override async dispose(): Promise<void> {
    this.disposed = true;
  }
}

function watchedModel() {
  const active = new ActiveModel({ drive: 'manual' });
  const changes: Change[] = [];
  active.onChanged((change) => void changes.push(change));
  const dropped = () => changes.flatMap((change) => change.dropped.map(({ id, why }) => `${id}: ${why}`));
  return { active, changes, dropped };
}

const fragment = (revisionId: string) => ({ revisionId, exported: () => null });
const state = ({ current, patched, text }: ActiveModel) => ({
  model: current?.folder.id,
  runner: current?.engine.runner,
  revision: current?.engine.codeRevision,
  policy: current?.engine.config.policy.name,
  patched,
  tokenizer: text.current?.id,
});

test('what is patched before there is a model is in the first one', async () => {
  const { active } = watchedModel();
  await active.putCode('model.mlp', fragment('a'));
  await active.putCode('scheduler.policy', { revisionId: 'b', exported: { ...sjf, name: 'mine' } });
  const runner = new PatchableRunner();
  await active.swap(loadedModel(runner, 'one'));
  expect(state(active)).toMatchObject({ model: 'one', revision: 'model.mlp@a', policy: 'mine', tokenizer: 'one' });
  expect(runner.revisions).toEqual(['model.mlp@a']);
});

test('a model that does not take the patched fragments serves without them, and the one before is let go of', async () => {
  const { active, dropped } = watchedModel();
  const first = new PatchableRunner();
  await active.swap(loadedModel(first, 'one'));
  await active.putCode('model.mlp', fragment('a'));
  await active.putCode('sampler', { revisionId: 's', exported: () => 0 });
  const second = new PatchableRunner((revision) => revision !== 'built-in');
  await active.swap(loadedModel(second, 'two'));
  expect(state(active)).toMatchObject({ model: 'two', runner: second, revision: '', patched: [{ id: 'sampler', revisionId: 's' }] });
  expect([dropped(), first.disposed, second.disposed]).toEqual([['model.mlp: model'], true, false]);
});

test('a swap that fails leaves all as it was: model, tokenizer and patches', async () => {
  const { active, changes } = watchedModel();
  const runner = new PatchableRunner();
  await active.swap(loadedModel(runner, 'one'));
  await active.putCode('model.mlp', fragment('a'));
  await active.putCode('tokenizer.normalizer', { revisionId: 'n', exported: (text: string) => text.toLowerCase() });
  const before = state(active);
  const told = changes.length;
  // A runner that takes no fragments costs the patch, and then the engine refuses it: neither may have happened.
  const { engine } = active;
  engine.replaceRunner = () => Promise.reject(new Error('The device is gone.'));
  await expect(active.swap(loadedModel(new HashRunner({ numBlocks: 8, blockSize: 4 }), 'two'))).rejects.toThrow('The device is gone.');
  expect(state(active)).toEqual(before);
  expect([changes.length, runner.disposed]).toEqual([told, false]);
  expect(active.text.tokenizer.encode('ABC').ids).toEqual(active.text.tokenizer.encode('abc').ids);
});

test('fragments that fail leave those before in runner, engine and what is told', async () => {
  const { active } = watchedModel();
  const runner = new PatchableRunner((revision) => revision.endsWith('bad'));
  await active.swap(loadedModel(runner, 'one'));
  await active.putCode('model.mlp', fragment('good'));
  await expect(active.putCode('model.norm', fragment('bad'))).rejects.toThrow('It makes no graph.');
  expect(state(active)).toMatchObject({ revision: 'model.mlp@good', patched: [{ id: 'model.mlp', revisionId: 'good' }] });
  expect(runner.revisions).toEqual(['model.mlp@good']);
});

test('a policy or rule chosen by name takes the place of a patch; a change of something else does not', async () => {
  const { active, dropped } = watchedModel();
  await active.swap(loadedModel(new PatchableRunner()));
  await active.putCode('scheduler.policy', { revisionId: 'p', exported: { ...sjf, name: 'mine' } });
  await active.putCode('memory.eviction', { revisionId: 'e', exported: { ...fifo, name: 'mine' } });
  await active.configure({ tokenBudget: 64 });
  expect(active.revisions()).toEqual({ 'scheduler.policy': 'p', 'memory.eviction': 'e' });
  await expect(active.configure({ policy: fcfs, tokenBudget: 0 })).rejects.toThrow(ConfigConflictError);
  expect(dropped()).toEqual([]);
  await active.configure({ policy: fcfs, eviction: lru });
  expect(active.revisions()).toEqual({});
  expect(dropped()).toEqual(['scheduler.policy: chosen', 'memory.eviction: chosen']);
});

test('a vocabulary on which the normalizer fails has the built-in one, and its patch is gone', async () => {
  const { active, dropped } = watchedModel();
  await active.swap(loadedModel(new PatchableRunner()));
  const exported = (text: string) => {
    if (text.includes('x')) throw new Error('No x.');
    return text;
  };
  await active.putCode('tokenizer.normalizer', { revisionId: 'n', exported });
  const special = { ...characterTokenizer('xyz'), added_tokens: [{ id: 0, content: 'x', normalized: true, special: false }] };
  active.useTokenizer(Tokenizer.fromFiles(special, {}));
  expect([dropped(), active.text.current?.id]).toEqual([['tokenizer.normalizer: model'], 'custom']);
  expect(active.text.tokenizer.encode('x').ids).toEqual([0]);
  active.useTokenizer(null);
  expect(active.text.current?.id).toBe('test');
});

test('changes come one after the other, and whoever asked waits for those that follow', async () => {
  const active = new ActiveModel({ drive: 'manual' });
  const order: string[] = [];
  active.onChanged(async ({ what }) => {
    order.push(what);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(`followed ${what}`);
  });
  await Promise.all([
    active.swap(loadedModel(new PatchableRunner(), 'one')).then(() => order.push('one serves')),
    active.putCode('model.mlp', fragment('a')),
    active.swap(loadedModel(new PatchableRunner(), 'two')),
  ]);
  expect(order.slice(0, 1)).toEqual(['model']);
  expect(order.indexOf('followed model')).toBeLessThan(order.indexOf('one serves'));
  expect(state(active)).toMatchObject({ model: 'two', revision: 'model.mlp@a' });
});

test('one that follows and fails undoes nothing', async () => {
  const active = new ActiveModel({ drive: 'manual' });
  active.onChanged(() => {
    throw new Error('The disk is full.');
  });
  await active.swap(loadedModel(new PatchableRunner(), 'one'));
  expect(active.required.folder.id).toBe('one');
});
