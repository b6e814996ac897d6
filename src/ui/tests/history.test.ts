import { describe, expect, it } from 'vitest';
import {
  codeFor,
  isFlaky,
  isStale,
  KEPT_RUNS,
  loadHistory,
  type PastRun,
  saveHistory,
  slowFrom,
  type Verdict,
  withRun,
} from './history.ts';

const run = (verdict: Verdict, code = 'a', durationMs = 1): PastRun => ({ at: 1, verdict, durationMs, code, mode: 'direct' });

describe('history', () => {
  it('keeps the last runs of each case', () => {
    let history = new Map() as ReturnType<typeof loadHistory>;
    for (let index = 0; index < KEPT_RUNS + 5; index++) history = withRun(history, 'k', run('passed', 'a', index));
    expect(history.get('k')).toHaveLength(KEPT_RUNS);
    expect(history.get('k')?.[0]?.durationMs).toBe(5);
  });

  it('comes back from storage as it was', () => {
    const store = new Map<string, string>();
    const storage = {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
    };
    const history = withRun(withRun(new Map(), 'model/a', run('failed', 'x', 12.5)), 'model/a', run('passed'));
    saveHistory(storage, history);
    expect(loadHistory(storage)).toEqual(history);
  });

  it.each(['no json', '[1]', '{"k":[[1]]}', '{"k":7}', 'null'])('reads %s as no runs', (text) => {
    const runs = [...loadHistory({ getItem: () => text }).values()].flat();
    expect(runs).toEqual([]);
  });
});

describe('isFlaky', () => {
  it('is one that passed and failed on the same code', () => expect(isFlaky([run('passed'), run('failed'), run('passed')])).toBe(true));
  it('is not one that a patch broke', () => expect(isFlaky([run('passed', 'a'), run('failed', 'b'), run('failed', 'b')])).toBe(false));
});

describe('what is active', () => {
  const active = { weightsHash: 'w', revisions: { 'tokenizer.normalizer': '1', 'kernel.matmul': '1', 'script.mine': '1' } };
  it('reaches a service or not', () => {
    const patched = { ...active, revisions: { ...active.revisions, 'kernel.matmul': '2' } };
    expect(codeFor('computation', patched)).not.toBe(codeFor('computation', active));
    expect(codeFor('tokenizer', patched)).toBe(codeFor('tokenizer', active));
  });
  it('is other for every service with other weights', () =>
    expect(codeFor('tokenizer', { ...active, weightsHash: 'v' })).not.toBe(codeFor('tokenizer', active)));
  it('makes older results stale', () => {
    expect(isStale([run('passed', 'a')], 'a')).toBe(false);
    expect(isStale([run('passed', 'a')], 'b')).toBe(true);
    expect(isStale([], 'a')).toBe(true);
  });
});

describe('slowFrom', () => {
  it('is the slowest tenth', () => expect(slowFrom(Array.from({ length: 100 }, (_, index) => index * 10))).toBe(900));
  it('is nothing that nobody would notice', () => expect(slowFrom([0.1, 0.2, 0.3])).toBe(20));
});
