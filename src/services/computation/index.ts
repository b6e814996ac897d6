/** The computation service: kernels and plans as resources, and what running them gives and costs. */
import {
  ApiError,
  type CallContext,
  contract,
  type ErrorItem,
  type Implementation,
  type Output,
  parseInput,
  type ParsedInput,
  type ServiceState,
  type StreamEvent,
} from '../../contract/index.ts';
import { planParts, wholePlan } from '../../contract/plan.ts';
import { assertRules } from '../../contract/rules.ts';
import type { RecordStore } from '../../environment/record-store.ts';
import { fromEngine } from '../engine-errors.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { type Benchmark, benchmark, type BenchmarkResult, kernelSubject } from './benchmark.ts';
import { DeviceQueue } from './device-queue.ts';
import { streamed } from '../event-run.ts';
import { checkedOnly, type Experiment, type ExperimentInput, type ExperimentRun } from './experiment.ts';
import { Experiments } from './experiments.ts';
import { type KernelDefinition, KERNELS } from './kernel-definition.ts';
import { describeKernel, describeKernelWhole, findKernel, patchedKernel } from './kernels.ts';
import { type ExecutionPlan, fieldsOf } from './plan.ts';
import { examplePrompts, type PlacedPrompt } from './plan-prompts.ts';
import { PlanBench } from './plan-bench.ts';
import { planSubject } from './plan-subject.ts';
import { type KeptPlan, PlanStore, type StoredPlan } from './plan-store.ts';
import { type CodeSource, findCode } from './plan-code.ts';
import { differencesOf } from './plan-differences.ts';
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import { kvBytes, planProblems } from './resolve-plan.ts';
import { runKernel } from './run-kernel.ts';
import { type PlanSetting, runPlan } from './run-plan.ts';

export interface ComputationOptions {
  platform: ComputationPlatform;
  runners: Pick<ModelPlatform, 'openRunner'>;
  active: ActiveModel;
  code: CodeSource;
  plans: RecordStore<KeptPlan>;
  experiments: RecordStore<Experiment>;
}

type BenchmarkEvent = StreamEvent<'computation', 'benchmark'>;
type ExperimentEvent = StreamEvent<'computation', 'runExperiment'>;
type Execution = Output<'computation', 'execute'>;

const EXPERIMENT = contract.computation.endpoints.runExperiment.input.strict();

export class ComputationService implements Implementation<'computation'> {
  readonly #platform: ComputationPlatform;
  readonly #active: ActiveModel;
  readonly #bench: PlanBench;
  readonly #code: CodeSource;
  readonly #plans: PlanStore;
  readonly #experiments: Experiments;
  readonly #device = new DeviceQueue();

  constructor({ platform, runners, active, code, plans, experiments }: ComputationOptions) {
    this.#platform = platform;
    this.#active = active;
    this.#bench = new PlanBench(runners);
    this.#code = code;
    this.#plans = new PlanStore(plans);
    this.#experiments = new Experiments(experiments);
  }

  async state(): Promise<ServiceState<'computation'>> {
    const gpu = await this.#platform.gpu();
    return {
      plans: (await this.#plans.list()).length,
      kernels: KERNELS.length,
      running: this.#device.occupant,
      adapter: typeof gpu === 'string' ? null : gpu.adapter,
      timestamp_queries: typeof gpu !== 'string' && gpu.timestampQueries,
    };
  }

  async kernels({ kind }: ParsedInput<'computation', 'kernels'>): Promise<Output<'computation', 'kernels'>> {
    const gpu = await this.#platform.gpu();
    const kernels = KERNELS.filter((kernel) => kind === undefined || kernel.kind === kind);
    return { kernels: kernels.map((kernel) => describeKernel(patchedKernel(kernel, this.#active), gpu)) };
  }

  async kernel({ id }: ParsedInput<'computation', 'kernel'>): Promise<Output<'computation', 'kernel'>> {
    return describeKernelWhole(this.#kernel(id), await this.#platform.gpu());
  }

  async execute(input: ParsedInput<'computation', 'execute'>, context: CallContext): Promise<Execution> {
    assertRules(contract.computation.endpoints.execute.input, input);
    if (input.kernel !== undefined) {
      const kernel = this.#kernel(input.kernel);
      return this.#device.run(kernel.id, context.signal, () => runKernel(kernel, input, this.#platform));
    }
    const stored = input.plan_id === undefined ? null : await this.#plans.get(input.plan_id);
    const { plan } = parseInput(planParts, input);
    const example = input.example_input ?? (input.input_ids ? null : stored?.example_input) ?? null;
    const isOwn = stored !== null && !input.input_ids && !input.example_input;
    const expected = input.example_output ?? (isOwn ? stored.example_output : null);
    return this.#device.run(stored?.id ?? 'plan', context.signal, async () => {
      const setting = await this.#setting();
      context.model = this.#active.metadata();
      const request = {
        plan: stored ? fieldsOf(stored) : wholePlan(plan!),
        prompts: example ? this.#promptsOf(example) : (input.input_ids?.map((ids, i) => ({ path: `/input_ids/${i}`, ids })) ?? null),
        expected,
        seed: input.seed,
        checkReference: input.check_reference,
      };
      const execution = await translated(runPlan(request, setting, context.signal));
      if (isOwn) await this.#plans.learnOutput(stored.id, execution.token_ids!);
      return execution;
    });
  }

  async benchmark(
    input: ParsedInput<'computation', 'benchmark'>,
    context: CallContext,
  ): Promise<Benchmark | AsyncIterable<BenchmarkEvent>> {
    assertRules(contract.computation.endpoints.benchmark.input, input);
    const kernels = input.kernels.map((id) => this.#kernel(id));
    const plans = await Promise.all(input.plan_ids.map((id) => this.#plans.get(id)));
    const measure = (onResult: (result: BenchmarkResult) => void, signal: AbortSignal | undefined): Promise<Benchmark> =>
      this.#device.run('benchmark', signal, async () => {
        const setting = plans.length > 0 ? await this.#setting() : null;
        const subjects = [
          ...kernels.map((kernel) => kernelSubject(kernel, input, this.#platform)),
          ...(setting ? plans.map((plan) => planSubject(plan.id, fieldsOf(plan), input, setting)) : []),
        ];
        return translated(
          benchmark(subjects, input, { platform: this.#platform, idle: async () => this.#active.current?.engine.idle() }, onResult, signal),
        );
      });
    if (!input.stream) return measure(() => {}, context.signal);
    return streamed<BenchmarkEvent>(context.signal, async (push, signal) => ({
      event: 'done',
      data: await measure((data) => push({ event: 'result', data }), signal),
    }));
  }

  async plans(): Promise<Output<'computation', 'plans'>> {
    return { plans: await Promise.all((await this.#plans.list()).map((plan) => this.#described(plan))) };
  }

  async plan({ id }: ParsedInput<'computation', 'plan'>): Promise<ExecutionPlan> {
    return this.#described(await this.#plans.get(id));
  }

  /**
   * For the model service: a generation can run under a plan that is active.
   * @throws ApiError not_found; conflict naming each field that differs, and the call that makes it active
   */
  async requireActive(id: string): Promise<void> {
    const plan = await this.#plans.get(id);
    const differences = await differencesOf(plan, this.#active.required, this.#code);
    if (differences.length === 0) return;
    const fields = differences.map(({ path }) => path.slice(1)).join(', ');
    throw new ApiError(
      'conflict',
      `The plan "${id}" is not active: ${fields} ${differences.length > 1 ? 'differ' : 'differs'}. Generations run in the one engine: activate it as each error says, or run the plan beside it with POST /computation/execute.`,
      differences,
    );
  }

  async createPlan(input: ParsedInput<'computation', 'createPlan'>): Promise<ExecutionPlan> {
    return this.#described(await this.#plans.create(input));
  }

  async updatePlan(input: ParsedInput<'computation', 'updatePlan'>): Promise<ExecutionPlan> {
    return this.#described(await this.#plans.update(input));
  }

  async deletePlan({ id }: ParsedInput<'computation', 'deletePlan'>): Promise<Output<'computation', 'deletePlan'>> {
    await this.#plans.delete(id);
    return { id, deleted: true };
  }

  async experiments(): Promise<Output<'computation', 'experiments'>> {
    const all = await this.#experiments.list();
    return {
      experiments: all.map(({ id, name, state, progress, created_at, finished_at, error }) => ({
        id,
        name,
        state,
        progress,
        created_at,
        finished_at,
        error,
      })),
    };
  }

  async experiment({ id }: ParsedInput<'computation', 'experiment'>): Promise<Experiment> {
    return snapshot(await this.#experiments.get(id));
  }

  cancelExperiment({ id }: ParsedInput<'computation', 'cancelExperiment'>): Promise<Output<'computation', 'cancelExperiment'>> {
    return this.#experiments.cancel(id);
  }

  async runExperiment(said: ExperimentInput, context: CallContext): Promise<Experiment | AsyncIterable<ExperimentEvent>> {
    // Of a trusted caller too: a misspelt field would be measured as its default, and be recorded so.
    const given = parseInput(EXPERIMENT, said);
    const from = given.resume ?? given.repeat_of;
    if (from !== undefined) await this.#experiments.get(from);
    const setting = await this.#setting();
    const whole = from === undefined ? await this.#withPlan(given) : given;
    const { experiment, input } = await this.#experiments.prepare(whole, setting, this.#platform);
    const base = input.plan ?? {};
    if (input.validate_only) return checkedOnly(experiment, base, setting);
    const stop = this.#experiments.enter(experiment, input.keep);
    const work = async (onRun: (run: ExperimentRun) => void): Promise<Experiment> => {
      await this.#device
        .run(experiment.id, stop.signal, async () => {
          const now = { ...(await this.#setting()), input, tokenizer: this.#active.text.tokenizer };
          return this.#experiments.run(experiment, base, now, stop, onRun);
        })
        .catch((error: unknown) => this.#experiments.drop(experiment, stop.signal.aborted, ApiError.from(error).message, input.keep));
      return snapshot(experiment);
    };
    if (input.stream)
      return streamed<ExperimentEvent>(context.signal, (push, signal) => {
        signal.addEventListener('abort', () => stop.abort(), { once: true });
        return work((run) => push({ event: 'run', data: structuredClone(run) })).then((data) => ({ event: 'done' as const, data }));
      });
    if (!input.wait) {
      void work(() => {});
      return snapshot(experiment);
    }
    context.signal?.addEventListener('abort', () => stop.abort(), { once: true });
    return work(() => {});
  }

  /** A kept plan may be changed or deleted; an experiment has its own copy. */
  async #withPlan({ plan_id, ...given }: ExperimentInput): Promise<ExperimentInput> {
    return plan_id === undefined ? given : { ...given, plan: fieldsOf(await this.#plans.get(plan_id)) };
  }

  /** Lets go of what the device holds for this service. */
  close(): Promise<void> {
    return this.#bench.close();
  }

  /** As it is active. */
  #kernel(id: string): KernelDefinition {
    return patchedKernel(findKernel(id), this.#active);
  }

  async #described(plan: StoredPlan): Promise<ExecutionPlan> {
    const model = this.#active.current;
    const hasConfig = model !== null && !model.folder.graph;
    const [prompts, refused] = this.#examplePrompts(plan);
    const problems = [...planProblems(plan, await findCode(plan, this.#code), model, await this.#platform.gpu(), prompts), ...refused];
    if (plan.example_output && !plan.example_input)
      problems.push({ path: '/example_output', message: 'is what a run of example_input must give, which the plan does not have.' });
    return { ...plan, problems, kv_bytes: hasConfig ? kvBytes(plan, model) : null };
  }

  /** Of a plan as it is kept; what a tokenizer makes of its texts is known where there is one. */
  #examplePrompts({ example_input: example }: StoredPlan): [PlacedPrompt[], ErrorItem[]] {
    if (!example || !this.#active.text.current) return [[], []];
    try {
      return [this.#promptsOf(example), []];
    } catch (error) {
      const { message, errors } = ApiError.from(error);
      return [[], errors.length > 0 ? [...errors] : [{ path: '/example_input', message }]];
    }
  }

  #promptsOf(example: NonNullable<StoredPlan['example_input']>): PlacedPrompt[] {
    return examplePrompts(example, () => this.#active.text.tokenizer);
  }

  /** @throws ApiError model_not_loaded */
  async #setting(): Promise<PlanSetting> {
    const gpu = await this.#platform.gpu();
    return { model: this.#active.required, gpu, bench: this.#bench, code: this.#code };
  }
}

/** As it is now: it goes on. */
const snapshot = (experiment: Experiment): Experiment => structuredClone(experiment);

const translated = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw fromEngine(error);
  });

export { type Experiment, isExperiment } from './experiment.ts';
export { isStoredPlan, type KeptPlan } from './plan-store.ts';
