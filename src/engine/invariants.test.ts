/** The invariants of the serving engine, over random lives of it; `testing/run-scenario.ts` says which and how. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { play } from './testing/run-scenario.ts';
import { scenarios } from './testing/scenario.ts';

test('undisturbed: every request gives what it gives alone', { timeout: 60_000 }, async () => {
  await expect(
    fc.assert(
      fc.asyncProperty(scenarios({ withIncidents: false }), async (scenario) => void (await play(scenario))),
      { numRuns: 1000 },
    ),
  ).resolves.toBeUndefined();
});

test('with cancels, faults, and changes of configuration, code and weights', { timeout: 60_000 }, async () => {
  await expect(
    fc.assert(
      fc.asyncProperty(scenarios(), async (scenario) => void (await play(scenario))),
      { numRuns: 1200 },
    ),
  ).resolves.toBeUndefined();
});

test('same workload, same decisions', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenarios(), async (scenario) => {
      const [first, second] = [await play(scenario), await play(scenario)];
      expect(JSON.stringify(second.records)).toBe(JSON.stringify(first.records));
    }),
    { numRuns: 1000 },
  );
});
