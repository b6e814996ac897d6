/** The scheduler service: the active policy, the queue with the reason for each decision, and workloads. */
import { type CallContext, type Implementation, type Output, type ParsedInput, type ServiceState } from '../../contract/index.ts';
import type { EngineConfig, GenerationStatus } from '../../engine/index.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import { fromEngine } from '../engine-errors.ts';
import { isoTime } from '../iso-time.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { describeStep } from './describe-step.ts';
import { describePolicy, findPolicy, nameOf, activeParameters } from './policy.ts';
import { type ScheduleEvent, type ScheduleInput, type ScheduleOutput, Schedules } from './schedule.ts';

type PolicyOutput = Output<'scheduler', 'policy'>;
type QueuedRequest = Output<'scheduler', 'queue'>['waiting'][number];

export class SchedulerService implements Implementation<'scheduler'> {
  readonly #schedules: Schedules;

  constructor(private readonly active: ActiveModel) {
    this.#schedules = new Schedules(active);
  }

  state(): ServiceState<'scheduler'> {
    const engine = this.active.current?.engine ?? null;
    const stats = engine?.stats();
    return {
      ready: engine !== null && stats?.failure === null,
      policy: engine ? nameOf(engine.config.policy) : null,
      step: stats?.step ?? 0,
      waiting: stats?.numWaiting ?? 0,
      running: stats?.numRunning ?? 0,
      swapped: stats?.numSwapped ?? 0,
      failure: stats?.failure ?? null,
    };
  }

  schedule(input: ScheduleInput, context: CallContext): Promise<ScheduleOutput | AsyncIterable<ScheduleEvent>> {
    return this.#schedules.start(input, context);
  }

  queue({ after_step, limit }: ParsedInput<'scheduler', 'queue'>): Output<'scheduler', 'queue'> {
    const { engine } = this.active;
    const history = engine.history();
    const requests = engine.list().map((status) => describeRequest(status));
    const inState = (state: QueuedRequest['state']) => requests.filter((request) => request.state === state);
    const steps = history.filter(({ step }) => step > after_step);
    return {
      step: engine.stats().step,
      waiting: inState('waiting'),
      running: inState('running'),
      swapped: inState('swapped'),
      finished: inState('finished').reverse(),
      steps: (limit === 0 ? [] : steps.slice(-limit)).map((record) => describeStep(record, 0)),
    };
  }

  policy(): PolicyOutput {
    return describeConfig(this.active.engine.config);
  }

  async setPolicy(input: ParsedInput<'scheduler', 'setPolicy'>): Promise<PolicyOutput> {
    const { engine } = this.active;
    const policy = input.policy && findPolicy(input.policy, engine.config);
    const changes: Partial<EngineConfig> = {
      ...(policy && { policy }),
      ...(input.parameters && { policyParameters: input.parameters }),
      ...(input.step_mode && { mode: input.step_mode }),
      ...(input.preemption && { preemption: input.preemption }),
      ...(input.token_budget !== undefined && { tokenBudget: input.token_budget }),
      ...(input.max_num_seqs !== undefined && { maxNumSeqs: input.max_num_seqs }),
      ...(input.chunk_size !== undefined && { chunkSize: input.chunk_size }),
      ...(input.queue_limit !== undefined && { queueLimit: input.queue_limit }),
    };
    const next = wouldBe(engine.config, changes);
    if (input.validate_only) return describeConfig(next);
    try {
      return describeConfig(Object.keys(changes).length > 0 ? await this.active.configure(changes) : engine.config);
    } catch (error) {
      throw fromEngine(error, PATHS);
    }
  }
}

/** Where the contract has what the engine refuses. */
const PATHS = {
  policy: '/policy',
  policyParameters: '/parameters',
  mode: '/step_mode',
  tokenBudget: '/token_budget',
  maxNumSeqs: '/max_num_seqs',
  chunkSize: '/chunk_size',
  queueLimit: '/queue_limit',
} as const;

/** The configuration that the changes would make. Throws for parameters that the policy does not take. */
function wouldBe(config: Readonly<EngineConfig>, changes: Partial<EngineConfig>): EngineConfig {
  const next = { ...config, ...changes };
  if (changes.policy && !changes.policyParameters) next.policyParameters = {};
  activeParameters(next, PATHS.policyParameters);
  return next;
}

function describeConfig(config: EngineConfig): PolicyOutput {
  return {
    ...describePolicy(config),
    step_mode: config.mode,
    preemption: config.preemption,
    token_budget: config.tokenBudget,
    max_num_seqs: config.maxNumSeqs,
    chunk_size: config.chunkSize,
    queue_limit: config.queueLimit,
    policies: POLICIES.map((policy) => ({
      name: nameOf(policy),
      rule: policy.rule,
      parameters: Object.entries(policy.parameters).map(([name, parameter]) => ({
        name,
        default: parameter.default,
        minimum: parameter.minimum ?? null,
        maximum: parameter.maximum ?? null,
        description: parameter.description,
      })),
    })),
  };
}

function describeRequest(status: GenerationStatus): QueuedRequest {
  const { sequences } = status;
  return {
    request_id: status.id,
    state: status.state,
    client: status.client,
    priority: status.priority,
    deadline_ms: status.deadlineMs,
    arrived_at: isoTime(status.arrivalMs),
    age_ms: status.finishedMs === null ? performance.now() - status.arrivalMs : status.finishedMs - status.arrivalMs,
    prompt_tokens: status.promptTokens,
    cached_tokens: status.cachedTokens,
    computed_tokens: sequences.reduce((sum, sequence) => sum + sequence.computedTokens, 0),
    completion_tokens: status.completionTokens,
    max_new_tokens: status.maxNewTokens,
    n: status.n,
    blocks: sequences.reduce((sum, sequence) => sum + sequence.blocks.length, 0),
    preemptions: status.preemptions,
    finish_reason: status.finishReason,
    error: status.error,
  };
}
