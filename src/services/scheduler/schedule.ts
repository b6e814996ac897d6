/** A workload served live or simulated: the same scheduler and policy, real time or a cost model's. */
import { ApiError, type CallContext, type Output, type ParsedInput, type StreamEvent } from '../../contract/index.ts';
import type { Engine, EngineConfig, StepRecord } from '../../engine/index.ts';
import type { WorkloadRun } from '../../engine/workload/feed.ts';
import { runLive } from '../../engine/workload/live.ts';
import { simulate } from '../../engine/workload/simulate.ts';
import type { Workload } from '../../engine/workload/workload.ts';
import { shortId } from '../../environment/ids.ts';
import { fromEngine } from '../engine-errors.ts';
import { streamed } from '../event-run.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { inTokenizer } from '../tokenizer-errors.ts';
import { atWork } from '../told.ts';
import { costModelFor } from './cost.ts';
import { describeStep } from './describe-step.ts';
import { describePolicy, findPolicy, activeParameters } from './policy.ts';
import { metricsOf, servedRequests } from './run-metrics.ts';
import { workloadOf } from './workload.ts';

export type ScheduleInput = ParsedInput<'scheduler', 'schedule'>;
export type ScheduleOutput = Output<'scheduler', 'schedule'>;
export type ScheduleEvent = StreamEvent<'scheduler', 'schedule'>;

/** What a simulation may choose freely and a live run takes from the engine. */
type Bounds = Pick<
  EngineConfig,
  | 'policy'
  | 'policyParameters'
  | 'mode'
  | 'preemption'
  | 'tokenBudget'
  | 'maxNumSeqs'
  | 'chunkSize'
  | 'strategy'
  | 'numBlocks'
  | 'blockSize'
  | 'prefixCaching'
>;

export class Schedules {
  #live = false;

  constructor(private readonly active: Pick<ActiveModel, 'engine' | 'text'>) {}

  /** @throws ApiError conflict for a live run that asks for other bounds than the active ones, or while another one runs */
  async start(input: ScheduleInput, context: CallContext): Promise<ScheduleOutput | AsyncIterable<ScheduleEvent>> {
    if (!input.stream) return this.#serve(input, context.signal ?? new AbortController().signal, () => {});
    return streamed<ScheduleEvent>(context.signal, async (push, signal) => {
      const data = await this.#serve(input, signal, (step) => push({ event: 'step', data: step }));
      return { event: 'done', data: { ...data, steps: [] } };
    });
  }

  async #serve(
    input: ScheduleInput,
    signal: AbortSignal,
    onStep: (step: ScheduleOutput['steps'][number]) => void,
  ): Promise<ScheduleOutput> {
    const { engine, text } = this.active;
    const id = shortId('schedule');
    const bounds = boundsOf(input, engine.config);
    const contextTokens = engine.runner.shape.maxPositionEmbeddings;
    const workload = workloadOf(input.workload, {
      seed: input.seed,
      contextTokens,
      encode: (prompt) => inTokenizer(() => text.tokenizer.encode(prompt).ids),
    });
    try {
      if (input.mode === 'run') return await this.#run(id, input, engine, bounds, workload, signal, onStep);
      const { model, used } = costModelFor(input.cost_model, engine.history());
      const { eviction, watermark, queueLimit } = engine.config;
      const run = await simulate(workload, {
        engine: { ...bounds, eviction, watermark, queueLimit },
        costModel: model,
        contextTokens,
        blockBytes: engine.runner.pool.blockBytes,
        signal,
        detailedSteps: detailedSteps(input),
        onStep: (record) => onStep({ ...describeStep(record, 0), run_ms: null }),
      });
      assertCodeHeld(run);
      return atWork('the report of a simulation', () => report(id, input, bounds, workload, run, '', 0, used));
    } catch (error) {
      throw fromEngine(error);
    }
  }

  async #run(
    id: string,
    input: ScheduleInput,
    engine: Engine,
    bounds: Bounds,
    workload: Workload,
    signal: AbortSignal,
    onStep: (step: ScheduleOutput['steps'][number]) => void,
  ): Promise<ScheduleOutput> {
    const changed = (Object.keys(bounds) as (keyof Bounds)[]).filter(
      (key) => JSON.stringify(bounds[key]) !== JSON.stringify(engine.config[key]),
    );
    if (changed.length > 0) {
      throw new ApiError(
        'conflict',
        `A live run is served as all others are; it asks for other values of ${changed.join(', ')} than the active ones. Change them with PUT /scheduler/policy and PUT /memory/config first, or simulate.`,
      );
    }
    if (this.#live) throw new ApiError('conflict', 'Another workload runs; wait for it, or abort it.');
    this.#live = true;
    try {
      const startMs = performance.now();
      const prefix = `${id}/`;
      // The engine knows all requests of the session: each run's have ids of their own.
      const named = { ...workload, requests: workload.requests.map((request) => ({ ...request, id: prefix + request.id })) };
      const run = await runLive(engine, named, {
        signal,
        detailedSteps: detailedSteps(input),
        onStep: (record) => onStep(describeStep(record, startMs)),
      });
      assertCodeHeld(run);
      return atWork('the report of a workload', () => report(id, input, bounds, named, run, prefix, startMs, null));
    } finally {
      this.#live = false;
    }
  }
}

const detailedSteps = ({ include_steps, max_steps }: ScheduleInput): number => (include_steps ? max_steps : 0);

/** The engine goes on without code that fails; what it did then is not what the policy says. */
function assertCodeHeld({ failures }: WorkloadRun): void {
  const [failure] = failures;
  if (failure)
    throw new ApiError('code_invalid', `The active code failed in this run: ${failure.message}`, [
      { path: failure.resource, message: failure.message },
    ]);
}

function boundsOf(input: ScheduleInput, config: Readonly<EngineConfig>): Bounds {
  const policy = input.policy ? findPolicy(input.policy, config) : config.policy;
  const bounds: Bounds = {
    policy,
    policyParameters: input.policy_parameters ?? (policy === config.policy ? config.policyParameters : {}),
    mode: input.step_mode ?? config.mode,
    preemption: input.preemption ?? config.preemption,
    tokenBudget: input.token_budget ?? config.tokenBudget,
    maxNumSeqs: input.max_num_seqs ?? config.maxNumSeqs,
    chunkSize: input.chunk_size ?? config.chunkSize,
    strategy: input.memory_strategy ?? config.strategy,
    numBlocks: input.num_blocks ?? config.numBlocks,
    blockSize: input.block_size ?? config.blockSize,
    prefixCaching: input.prefix_caching ?? config.prefixCaching,
  };
  activeParameters(bounds, '/policy_parameters');
  return bounds;
}

function report(
  id: string,
  input: ScheduleInput,
  bounds: Bounds,
  workload: Workload,
  run: WorkloadRun,
  idPrefix: string,
  startMs: number,
  costModel: ScheduleOutput['cost_model'],
): ScheduleOutput {
  const requests = servedRequests(workload, run, input.slo, idPrefix, startMs);
  const shown = input.include_steps ? run.records.slice(0, input.max_steps) : [];
  const isSimulated = costModel !== null;
  const describe = (record: StepRecord) => ({ ...describeStep(record, startMs), ...(isSimulated && { run_ms: null }) });
  const { policy, rule, parameters } = describePolicy(bounds);
  return {
    id,
    mode: input.mode,
    policy,
    rule,
    parameters,
    step_mode: bounds.mode,
    preemption: bounds.preemption,
    token_budget: bounds.tokenBudget,
    max_num_seqs: bounds.maxNumSeqs,
    chunk_size: bounds.chunkSize,
    memory_strategy: bounds.strategy,
    num_blocks: bounds.numBlocks,
    block_size: bounds.blockSize,
    prefix_caching: bounds.prefixCaching,
    seed: input.seed,
    requests: requests.toSorted((a, b) => a.arrival_ms - b.arrival_ms),
    steps: input.stream ? [] : shown.map(describe),
    steps_left_out: run.records.length - shown.length,
    metrics: metricsOf(requests, run, bounds.numBlocks, input.slo),
    cost_model: costModel,
  };
}
