/** The invariants of the serving engine, checked from outside through its snapshots. */
import type { BatchRow, Engine, MemoryMap, StepRecord } from '../index.ts';

/** Which invariant broke, so that a planted bug can be told from an accident. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
  constructor(
    readonly invariant: string,
    detail: string,
  ) {
    super(`${invariant}: ${detail}`);
  }
}

export function hold(invariant: string, isTrue: boolean, detail: () => string): asserts isTrue {
  if (!isTrue) throw new InvariantError(invariant, detail());
}

/** Between two steps. */
export function checkMemory(engine: Engine, map: MemoryMap): void {
  const { memory } = engine.stats();
  const held = new Uint16Array(map.references.length);
  for (const { blocks, reserved } of map.tables) for (const block of [...blocks, ...reserved]) held[block]!++;
  for (const { blocks } of map.allocations) for (const block of blocks) held[block]!++;

  let unreferenced = 0;
  let cached = 0;
  map.references.forEach((references, block) => {
    hold(
      'a reference count is the number of tables that hold the block',
      references === held[block],
      () => `block ${block} counts ${references}, ${held[block]} hold it`,
    );
    if (references > 0) return;
    unreferenced++;
    cached += map.hashed[block]!;
  });
  hold('free + referenced + cached = all', memory.freeBlocks + memory.cachedBlocks + memory.referencedBlocks === memory.numBlocks, () =>
    JSON.stringify(memory),
  );
  hold(
    'free + referenced + cached = all',
    memory.cachedBlocks === cached && memory.freeBlocks === unreferenced - cached,
    () => `${cached} of ${unreferenced} unreferenced blocks are cached: ${JSON.stringify(memory)}`,
  );
  hold('used tokens ≤ held tokens', memory.usedTokens <= memory.heldTokens, () => JSON.stringify(memory));

  const slots = map.swapped.flatMap((sequence) => sequence.slots);
  for (const tier of map.tiers) {
    const used = slots.filter((slot) => slot.tier === tier.name);
    hold('no tier exceeds its capacity', tier.usedBlocks <= tier.capacityBlocks, () => JSON.stringify(tier));
    hold(
      'no tier exceeds its capacity',
      used.every(({ slot }) => slot < tier.capacityBlocks),
      () => JSON.stringify(used),
    );
    hold(
      'a slot belongs to one block',
      used.length === tier.usedBlocks && new Set(used.map(({ slot }) => slot)).size === used.length,
      () => `${JSON.stringify(tier)} but ${JSON.stringify(used)}`,
    );
  }
}

export function checkStates(engine: Engine, map: MemoryMap): void {
  const { blockSize } = engine.config;
  const tables = new Map(map.tables.map((table) => [table.sequenceId, table]));
  const swapped = new Set(map.swapped.map(({ sequenceId }) => sequenceId));
  const counts = { waiting: 0, running: 0, swapped: 0, finished: 0 };
  for (const { promptTokens, sequences } of engine.list()) {
    for (const { id, state, computedTokens, completionTokens } of sequences) {
      counts[state]++;
      const table = tables.get(id);
      hold(
        'a sequence is in one state',
        (state === 'running') === (table !== undefined),
        () => `${id} is ${state} and ${table ? 'has' : 'has no'} table`,
      );
      hold('a sequence is in one state', (state === 'swapped') === swapped.has(id), () => `${id} is ${state}`);
      if (!table) continue;
      const length = promptTokens + completionTokens;
      hold(
        'a block table has ⌈tokens / block size⌉ entries',
        table.blocks.length >= Math.ceil(computedTokens / blockSize) && table.blocks.length <= Math.ceil(length / blockSize),
        () => `${id}: ${table.blocks.length} blocks for ${computedTokens} of ${length} tokens`,
      );
      hold('at least one token is left to compute', computedTokens < length, () => `${id}: ${computedTokens} of ${length}`);
    }
  }
  const { numWaiting, numRunning, numSwapped } = engine.stats();
  hold('a sequence is in one state', counts.waiting === numWaiting && counts.running === numRunning && counts.swapped === numSwapped, () =>
    JSON.stringify({ counts, numWaiting, numRunning, numSwapped }),
  );
}

/** What the runner is given. */
export function checkBatch(engine: Engine, rows: readonly BatchRow[]): void {
  const { blockSize, tokenBudget, maxNumSeqs, chunkSize } = engine.config;
  const { references } = engine.memoryMap();
  const tokens = rows.reduce((sum, row) => sum + row.tokenIds.length, 0);
  hold('scheduled tokens ≤ budget', tokens <= tokenBudget, () => `${tokens} > ${tokenBudget}`);
  hold(
    'running ≤ max',
    rows.length <= maxNumSeqs && engine.stats().numRunning <= maxNumSeqs,
    () => `${rows.length} rows, ${engine.stats().numRunning} running, max ${maxNumSeqs}`,
  );
  for (const { tokenIds, past, blockTable } of rows) {
    hold('at least one token is left to compute', tokenIds.length >= 1, () => 'an empty row');
    hold('a chunk ≤ chunk size', tokenIds.length <= chunkSize, () => `${tokenIds.length} > ${chunkSize}`);
    hold(
      'a block table has ⌈tokens / block size⌉ entries',
      blockTable?.length === Math.ceil((past + tokenIds.length) / blockSize),
      () => `${blockTable?.length} blocks for ${past} + ${tokenIds.length} tokens`,
    );
    for (const block of blockTable.slice(Math.floor(past / blockSize))) {
      hold('only blocks of one holder are written', references[block] === 1, () => `block ${block} has ${references[block]} holders`);
    }
  }
}

/** What the fixed-order policies promise: whoever is let in goes before whoever stays out. */
export function checkOrder(engine: Engine, record: StepRecord, wasOut: ReadonlySet<string>): void {
  const { policy } = engine.config;
  const generations = engine.list();
  const key = {
    fcfs: () => 0,
    priority: (id: string) => engine.get(id)!.priority,
  }[policy.name];
  if (!key || record.decisions.some(({ constraint }) => constraint?.name === 'quarantine')) return;
  const arrival = new Map(generations.map(({ id, arrivalOrder }) => [id, arrivalOrder]));
  const isAfter = (a: string, b: string): boolean => key(a) > key(b) || (key(a) === key(b) && arrival.get(a)! > arrival.get(b)!);
  const letIn = record.decisions.filter(({ action }) => action === 'admit' || action === 'swap_in');
  const keptOut = record.decisions.filter(({ action, requestId, index }) => action === 'wait' && wasOut.has(`${requestId}/${index}`));
  for (const early of letIn) {
    const overtaken = keptOut.find((late) => isAfter(early.requestId, late.requestId));
    hold(
      'admission follows the policy’s order',
      overtaken === undefined,
      () => `${policy.name} let ${early.requestId} in before ${overtaken?.requestId}`,
    );
  }
}

/** Every unfinished sequence got a decision, with a reason. */
export function checkDecisions(record: StepRecord, known: ReadonlySet<string>): void {
  const decided = new Set(record.decisions.map(({ requestId, index }) => `${requestId}/${index}`));
  for (const id of known) hold('each step decides about each request', decided.has(id), () => `nothing about ${id} in step ${record.step}`);
  for (const { rule, action, constraint } of record.decisions) {
    hold(
      'each step decides about each request',
      rule.length > 0 && (action !== 'wait' || constraint !== null),
      () => `${action} without a reason`,
    );
  }
}
