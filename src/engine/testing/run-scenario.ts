/** Plays a scenario on an engine and checks every invariant on the way. */
import sample from '../../patchable/sampler/default.ts';
import {
  Engine,
  MemoryBlockStore,
  randomAt,
  DEFAULT_SAMPLING,
  type BlockStore,
  type GenerationResult,
  type OnToken,
  type SamplingParams,
  type SequenceState,
  type StepRecord,
} from '../index.ts';
import { ConfigConflictError, EngineFailedError, InfeasibleRequestError, OutOfBlocksError, QueueFullError } from '../errors.ts';
import { HashRunner, logitsAfter } from './hash-runner.ts';
import { checkBatch, checkDecisions, checkMemory, checkOrder, checkStates, hold } from './invariants.ts';
import { CONTEXT, VOCABULARY, type Incident, type Scenario, type ScenarioRequest } from './scenario.ts';

const STEP_MS = 25;
/** No scenario needs nearly as many. */
const MOST_STEPS = 20_000;

export interface Played {
  /** Every decision of every step. */
  records: StepRecord[];
  results: GenerationResult[];
  refused: number;
}

export async function play(scenario: Scenario): Promise<Played> {
  return new Player(scenario).play();
}

interface Submitted {
  request: ScenarioRequest;
  result: Promise<GenerationResult>;
  id: string;
  cancelled: boolean;
}

class Player {
  readonly #scenario: Scenario;
  readonly #engine: Engine;
  #runner: HashRunner;
  #weightsSeed = 1;
  #codeSeed = 1;
  #nowMs = 0;
  #numRuns = 0;
  #numTierCalls = 0;
  readonly #records: StepRecord[] = [];
  readonly #submitted: Submitted[] = [];
  #refused = 0;
  /** What broke inside of the engine's own guards against faulty runs and hooks. */
  #violation: unknown = null;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#runner = this.#newRunner();
    this.#engine = new Engine(this.#runner, {
      ...scenario.config,
      sample,
      weightsHash: 'weights 1',
      codeRevision: 'code 1',
      drive: 'manual',
      now: () => this.#nowMs,
      recover: async () => {
        if (!scenario.poolIntact) this.#runner.pool.lose();
        return { runner: this.#runner, poolIntact: scenario.poolIntact };
      },
      tiers: scenario.tierCapacities.map((capacityBlocks, i) => ({
        name: `tier ${i}`,
        capacityBlocks,
        store: this.#faultyStore(`tier ${i}`),
      })),
    });
    this.#engine.subscribe((event) => {
      if (event.type === 'step') this.#records.push(event.record);
    });
  }

  async play(): Promise<Played> {
    const { requests, incidents } = this.#scenario;
    const lastStep = Math.max(...requests.map(({ atStep }) => atStep), ...incidents.map(({ atStep }) => atStep), 0);
    for (let step = 0; ; step++) {
      hold('every feasible request ends', step < MOST_STEPS, () => `still going after ${MOST_STEPS} steps`);
      for (const request of requests) if (request.atStep === step) this.#submit(request);
      for (const incident of incidents) {
        if (incident.atStep !== step) continue;
        await this.#happen(incident);
        this.#check();
      }
      const known = this.#inState('waiting', 'swapped', 'running');
      const wasOut = this.#inState('waiting', 'swapped');
      const before = this.#records.length;
      const progressed = await this.#engine.step();
      this.#nowMs += STEP_MS;
      if (this.#violation) throw this.#violation;
      this.#check();
      for (const record of this.#records.slice(before)) {
        checkDecisions(record, known);
        checkOrder(this.#engine, record, wasOut);
      }
      if (progressed || step < lastStep) continue;
      if (this.#inState('waiting', 'swapped', 'running').size === 0) break;
      hold('every feasible request ends', this.#engine.allocations().length > 0, () => `stuck: ${JSON.stringify(this.#records.at(-1))}`);
      for (const { id } of this.#engine.allocations()) this.#engine.free(id);
    }
    return { records: this.#records, results: await this.#settle(), refused: this.#refused };
  }

  #submit(request: ScenarioRequest): void {
    const { numBlocks, blockSize } = this.#engine.config;
    const { promptTokenIds, maxNewTokens, temperature, seed } = request;
    const kvTokens = Math.max(Math.min(promptTokenIds.length + maxNewTokens, CONTEXT) - 1, promptTokenIds.length);
    const isFeasible = Math.ceil(kvTokens / blockSize) <= numBlocks;
    try {
      const { id, result } = this.#engine.generate({
        ...request,
        sampling: { temperature, seed },
        onToken: this.#oracle({ ...DEFAULT_SAMPLING, temperature, seed }),
      });
      hold(
        'an infeasible request is refused at once',
        isFeasible,
        () => `${kvTokens} tokens were let into ${numBlocks} blocks of ${blockSize}`,
      );
      this.#submitted.push({ request, id, result, cancelled: false });
    } catch (thrown) {
      if (thrown instanceof QueueFullError || thrown instanceof EngineFailedError) this.#refused++;
      else if (thrown instanceof InfeasibleRequestError && !isFeasible) this.#refused++;
      else throw thrown;
    }
  }

  /** Each token is the one that its sequence alone gives, under the weights and code that were active when it was sampled. */
  #oracle(params: SamplingParams): OnToken {
    return (sequence, tokenId) => {
      const before = sequence.tokenIds.slice(0, -1);
      const logits = logitsAfter(this.#runner.seed, before, VOCABULARY);
      const expected = sample(logits, { params, tokenIds: before, random: randomAt(params.seed, sequence.index, before.length) });
      this.#noting(() =>
        hold(
          'output does not depend on the batch',
          tokenId === expected,
          () => `${sequence.id} has ${tokenId} at ${before.length}, alone ${expected}`,
        ),
      );
      return 'continue';
    };
  }

  async #happen(incident: Incident): Promise<void> {
    const engine = this.#engine;
    switch (incident.kind) {
      case 'cancel': {
        const target = this.#submitted[incident.request];
        const status = target && engine.get(target.id);
        if (!status || status.state === 'finished') return;
        const { freeBlocks, cachedBlocks } = engine.stats().memory;
        const { blocksFreed, completionTokens } = engine.cancel(target.id);
        target.cancelled = true;
        const after = engine.stats().memory;
        hold(
          'cancelling frees at once',
          after.freeBlocks + after.cachedBlocks === freeBlocks + cachedBlocks + blocksFreed,
          () => `${blocksFreed} blocks freed: ${JSON.stringify(after)}`,
        );
        hold(
          'cancelling frees at once',
          completionTokens === status.completionTokens,
          () => `${completionTokens} of ${status.completionTokens} tokens`,
        );
        return;
      }
      case 'allocate':
        try {
          engine.allocate(incident.tokens);
        } catch (thrown) {
          if (!(thrown instanceof OutOfBlocksError)) throw thrown;
        }
        return;
      case 'free':
        for (const { id } of engine.allocations().slice(0, 1)) engine.free(id);
        return;
      case 'configure':
        await engine.configure(incident.changes).catch((thrown: unknown) => {
          if (!(thrown instanceof ConfigConflictError)) throw thrown;
        });
        return;
      case 'revision':
        await engine.setRevision(`code ${incident.seed}`, incident.unfinished, async () => {
          this.#codeSeed = incident.seed;
          this.#runner.seed = this.#seed;
        });
        return;
      case 'weights':
        this.#weightsSeed = incident.seed;
        this.#runner = this.#newRunner();
        await engine.replaceRunner(this.#runner, `weights ${incident.seed}`, incident.unfinished);
    }
  }

  #check(): void {
    const map = this.#engine.memoryMap();
    checkMemory(this.#engine, map);
    checkStates(this.#engine, map);
  }

  /** Ids of the sequences in one of these states. */
  #inState(...states: SequenceState[]): Set<string> {
    return new Set(
      this.#engine.list().flatMap(({ sequences }) => sequences.filter(({ state }) => states.includes(state)).map(({ id }) => id)),
    );
  }

  async #settle(): Promise<GenerationResult[]> {
    const { memory } = this.#engine.stats();
    const allocated = this.#engine.allocations().flatMap(({ blocks }) => blocks).length;
    hold('all free when idle', memory.referencedBlocks === allocated && memory.tiers.every((tier) => tier.usedBlocks === 0), () =>
      JSON.stringify(memory),
    );
    const results: GenerationResult[] = [];
    for (const { request, result, cancelled } of this.#submitted) {
      const settled = await Promise.race([result, Promise.resolve(null)]);
      hold('every feasible request ends', settled !== null, () => 'a result never came');
      this.#checkEnding(request, settled, cancelled);
      results.push(settled);
    }
    return results;
  }

  #checkEnding(request: ScenarioRequest, { completions, timings, completionTokens }: GenerationResult, cancelled: boolean): void {
    const hasTrouble =
      this.#scenario.faults.length > 0 || this.#scenario.incidents.some(({ kind }) => kind === 'revision' || kind === 'weights');
    const limit = Math.min(request.maxNewTokens, CONTEXT - request.promptTokenIds.length);
    hold('each request ends with a reason', completions.length === request.n, () => `${completions.length} of ${request.n} samples`);
    for (const { tokenIds, finishReason, error } of completions) {
      if (finishReason === 'length')
        hold('each request ends with a reason', tokenIds.length === limit, () => `${tokenIds.length} of ${limit} tokens`);
      else if (finishReason === 'stop')
        hold('each request ends with a reason', request.eosTokenIds.includes(tokenIds.at(-1)!), () => 'stopped by no token');
      else if (finishReason === 'cancelled') hold('each request ends with a reason', cancelled, () => 'cancelled by nobody');
      else hold('each request ends with a reason', hasTrouble && Boolean(error), () => `error without trouble: ${error}`);
    }
    const times = completions[0]!.tokenTimesMs;
    if (request.n > 1 || times.length === 0) return;
    const gaps = times.slice(1).reduce((sum, time, i) => sum + time - times[i]!, 0);
    hold(
      'TTFT + Σ ITL = time of the last token',
      Math.abs(timings.arrivalMs + timings.ttftMs! + gaps - times.at(-1)!) < 1e-6 && completionTokens === times.length,
      () => JSON.stringify(timings),
    );
  }

  #noting(check: () => void): void {
    try {
      check();
    } catch (violation) {
      this.#violation ??= violation;
    }
  }

  /** The function that the runner computes: weights and code. */
  get #seed(): number {
    return 16 * this.#weightsSeed + this.#codeSeed;
  }

  #newRunner(): HashRunner {
    const { numBlocks, blockSize, faults } = this.#scenario;
    const runner = new HashRunner({ numBlocks, blockSize, vocabSize: VOCABULARY, context: CONTEXT, seed: this.#seed });
    runner.onRun = (rows) => {
      this.#noting(() => checkBatch(this.#engine, rows));
      if (faults.includes(this.#numRuns++)) throw new Error('device lost');
    };
    return runner;
  }

  #faultyStore(name: string): BlockStore {
    const store = new MemoryBlockStore(name);
    const fail = (): void => {
      if (this.#scenario.tierFaults.includes(this.#numTierCalls++)) throw new Error('quota exceeded');
    };
    return {
      name,
      write: async (slot, bytes) => (fail(), store.write(slot, bytes)),
      read: async (slot) => (fail(), store.read(slot)),
    };
  }
}
