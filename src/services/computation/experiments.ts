/** Experiments as resources: those that wait, run and ended, one at a time on the device, kept so that they can be resumed and repeated. */
import { outdated } from '../../contract/experiment.ts';
import { API_VERSION, ApiError } from '../../contract/index.ts';
import { shortId } from '../../environment/ids.ts';
import type { RecordStore } from '../../environment/record-store.ts';
import {
  type Experiment,
  type ExperimentInput,
  type ExperimentRun,
  artifactsOf,
  layOutRuns,
  newExperiment,
  planOfRun,
} from './experiment.ts';
import { makeRun, type RunSetting } from './experiment-runner.ts';
import type { ServingModel } from '../serving/active-model.ts';
import type { PartialPlan } from '../../contract/plan.ts';
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import type { PlanSetting } from './run-plan.ts';

/** Experiments that may wait. */
const QUEUE_LIMIT = 16;

export interface Prepared {
  experiment: Experiment;
  input: ExperimentInput;
}

export class Experiments {
  readonly #kept = new Map<string, Experiment>();
  readonly #active = new Map<string, { experiment: Experiment; stop: AbortController }>();
  #read: Promise<void> | null = null;

  constructor(private readonly records: RecordStore<Experiment>) {}

  /** The latest first. */
  async list(): Promise<Experiment[]> {
    await this.#ready();
    const known = new Map(this.#kept);
    for (const { experiment } of this.#active.values()) known.set(experiment.id, experiment);
    return [...known.values()].toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  }

  /** @throws ApiError not_found */
  async get(id: string): Promise<Experiment> {
    await this.#ready();
    const experiment = this.#active.get(id)?.experiment ?? this.#kept.get(id);
    if (!experiment) throw new ApiError('not_found', `No experiment "${id}" is kept; GET /computation/experiments lists those that are.`);
    return experiment;
  }

  /** The input that counts, and the experiment that it makes or goes on with. */
  async prepare(
    given: ExperimentInput,
    { model, gpu, code }: Omit<PlanSetting, 'bench'>,
    platform: ComputationPlatform,
  ): Promise<Prepared> {
    const from = given.resume ?? given.repeat_of;
    const before = from === undefined ? null : await this.get(from);
    const why = before?.record && outdated(before.record.versions['contract'], before.record.input);
    if (why) throw new ApiError('conflict', `The experiment "${before.id}" can't be repeated as it stands. ${why}`);
    const input = before?.record ? ({ ...before.record.input, ...deliveryOf(given) } as ExperimentInput) : given;
    if (before && given.resume !== undefined) return { experiment: this.#resumed(before, model), input };
    if (this.#active.size >= QUEUE_LIMIT && !given.validate_only)
      throw new ApiError('queue_full', `${this.#active.size} experiments wait; send it again when some have ended.`);
    const { resume: _, repeat_of: __, ...kept } = input;
    const record: Experiment['record'] = {
      model_id: model.folder.id,
      weights_hash: model.folder.hash,
      code_revisions: { ...(before?.record?.code_revisions ?? code.activeRevisions()) },
      seed: input.seed,
      versions: { ...platform.versions, contract: API_VERSION },
      device: {
        adapter: typeof gpu === 'string' ? null : gpu.adapter,
        threads: platform.threads,
        cross_origin_isolated: platform.crossOriginIsolated,
        user_agent: platform.userAgent,
      },
      input: kept,
    };
    const id = shortId('exp');
    return { experiment: newExperiment(id, input.name ?? id, layOutRuns(input), record), input };
  }

  /** From now on it is listed, can be cancelled, and outlives a reload; before it waits for the device. */
  enter(experiment: Experiment, keep: boolean): AbortController {
    const stop = new AbortController();
    this.#active.set(experiment.id, { experiment, stop });
    if (keep) void this.#keep(experiment);
    return stop;
  }

  /** Makes the runs that are missing. Never throws: what went wrong stands in the experiment. */
  async run(
    experiment: Experiment,
    base: PartialPlan,
    setting: RunSetting,
    stop: AbortController,
    onRun: (run: ExperimentRun) => void,
  ): Promise<void> {
    const { signal } = stop;
    const { keep, warmup } = setting.input;
    // What was active when it was first begun: a patch since then, or a repetition, changes none of its runs.
    const active = experiment.record?.code_revisions ?? {};
    const pinned: RunSetting = {
      ...setting,
      code: { activeRevisions: () => active, revision: (id, revisionId) => setting.code.revision(id, revisionId) },
    };
    experiment.state = 'running';
    const start = performance.now();
    let made = 0;
    let warm: number | null = null;
    const missing = experiment.runs.filter(({ state }) => state !== 'done');
    for (const run of missing) {
      if (signal.aborted) break;
      Object.assign(run, { used: null, metrics: null, error: null });
      // Repeats follow each other, but one that goes on may begin in their midst.
      const combination = run.index - run.repeat;
      await makeRun(run, planOfRun(base, run), pinned, combination === warm ? 0 : warmup, signal);
      warm = combination;
      made++;
      const done = experiment.runs.filter(({ state }) => state === 'done' || state === 'failed').length;
      experiment.progress = {
        ...experiment.progress,
        runs_done: done,
        eta_ms: ((performance.now() - start) / made) * (missing.length - made),
      };
      onRun(run);
      if (keep) await this.#keep(experiment);
    }
    await this.#end(experiment, signal.aborted, keep);
  }

  /** @returns whether it was ended, or was over and is deleted */
  async cancel(id: string): Promise<{ id: string; cancelled: boolean; deleted: boolean; runs_done: number }> {
    const experiment = await this.get(id);
    const active = this.#active.get(id);
    const { runs_done } = experiment.progress;
    active?.stop.abort();
    if (active) return { id, cancelled: true, deleted: false, runs_done };
    this.#kept.delete(id);
    await this.records.delete(id).catch(() => {});
    return { id, cancelled: false, deleted: true, runs_done };
  }

  /** One that never came to run, because it was cancelled while it waited or the model is gone. */
  async drop(experiment: Experiment, isCancelled: boolean, error: string | null, keep: boolean): Promise<void> {
    experiment.error = isCancelled ? null : error;
    await this.#end(experiment, isCancelled, keep);
  }

  async #end(experiment: Experiment, isCancelled: boolean, keep: boolean): Promise<void> {
    for (const run of experiment.runs) if (run.state === 'queued' && isCancelled) run.state = 'cancelled';
    const failed = experiment.runs.filter(({ state }) => state === 'failed');
    const isFailed = experiment.error !== null || (failed.length > 0 && failed.length === experiment.runs.length);
    experiment.state = isCancelled ? 'cancelled' : isFailed ? 'failed' : 'done';
    experiment.error ??= isFailed ? (failed[0]?.error ?? null) : null;
    experiment.finished_at = new Date().toISOString();
    experiment.progress = { ...experiment.progress, eta_ms: isCancelled ? null : 0 };
    experiment.artifacts = artifactsOf(experiment);
    if (keep) await this.#keep(experiment);
    this.#active.delete(experiment.id);
  }

  #resumed(before: Experiment, model: ServingModel): Experiment {
    if (this.#active.has(before.id))
      throw new ApiError('conflict', `The experiment ${before.id} is under way; it can be resumed when it was cancelled.`);
    if (before.runs.every(({ state }) => state === 'done'))
      throw new ApiError('conflict', `Every run of ${before.id} is done; repeat_of makes them again.`);
    if (before.record?.weights_hash !== model.folder.hash)
      throw new ApiError(
        'conflict',
        `The experiment ${before.id} ran on other weights (${before.record?.model_id}); load them, or use repeat_of.`,
      );
    const resumed = structuredClone(before);
    for (const run of resumed.runs) if (run.state !== 'done') Object.assign(run, { state: 'queued', error: null });
    const runs_done = resumed.runs.filter(({ state }) => state === 'done').length;
    return {
      ...resumed,
      ...{ state: 'queued', finished_at: null, error: null, artifacts: [] },
      progress: { ...resumed.progress, runs_done, eta_ms: null },
    };
  }

  /** A browser that keeps nothing does not end an experiment. */
  async #keep(experiment: Experiment): Promise<void> {
    this.#kept.set(experiment.id, experiment);
    await this.records.put(experiment).catch(() => {});
  }

  /** Those that a reload cut off are told as cancelled, so that they can be resumed. */
  #ready(): Promise<void> {
    return (this.#read ??= this.records
      .list()
      .then((experiments) => {
        for (const experiment of experiments) {
          const wasCutOff = experiment.state === 'running' || experiment.state === 'queued';
          this.#kept.set(experiment.id, wasCutOff ? cutOff(experiment) : experiment);
        }
      })
      .catch(() => {}));
  }
}

function cutOff(experiment: Experiment): Experiment {
  const runs = experiment.runs.map((run) =>
    run.state === 'running' || run.state === 'queued' ? { ...run, state: 'cancelled' as const } : run,
  );
  const ended: Experiment = {
    ...experiment,
    runs,
    state: 'cancelled',
    error: 'Cut off by a reload.',
    progress: { ...experiment.progress, eta_ms: null },
  };
  return { ...ended, artifacts: artifactsOf(ended) };
}

/** How the answer is wanted is the new call's business, all else the old one's. */
const deliveryOf = ({ keep, wait, stream, validate_only }: ExperimentInput) => ({ keep, wait, stream, validate_only });
