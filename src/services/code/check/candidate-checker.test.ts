/** A worker that can't load what a check needs is told at once, and the next check begins with another. */
import { expect, test } from 'vitest';
import { CandidateChecker, type CandidateWorker } from './candidate-checker.ts';
import type { CheckMessage, CheckRequest } from './protocol.ts';

test('the parser did not come: the check says so without waiting, and the next one has a worker of its own', async () => {
  let spawned = 0;
  const spawn = (): CandidateWorker => {
    const isFirst = spawned++ === 0;
    let listener: (message: CheckMessage) => void = () => {};
    queueMicrotask(() => listener(isFirst ? { kind: 'unable', why: 'Failed to fetch parser.js' } : { kind: 'ready' }));
    return {
      postMessage: (request) => 'id' in request && listener({ kind: 'done', spent: true }),
      onMessage: (heard) => (listener = heard),
      onError: () => {},
      terminate: () => {},
    };
  };
  const checker = new CandidateChecker(spawn);
  const request = { id: 'sampler', source: '', language: 'typescript' } as unknown as CheckRequest;
  await expect(checker.check(request, 3000)).rejects.toThrow('The worker that checks code could not start: Failed to fetch parser.js');
  expect((await checker.check(request, 3000)).diagnostics).toEqual([]);
});
