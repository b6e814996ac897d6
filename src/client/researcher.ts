/** The researcher's call by name: an experiment over batch sizes, lengths, kernels, memory strategies or any other field of a plan. */
import { contract, type Input, invalidInput, type OperationAt, type Output } from '../contract/index.ts';
import { unknownField } from '../contract/invalid-input.ts';
import { inlinePlan, PLAN_FIELDS } from '../contract/plan.ts';
import type { Client } from './client.ts';

type ExperimentInput = Input<'computation', OperationAt<'computation', 'POST', 'experiments'>>;
export type ExperimentResult = Output<'computation', OperationAt<'computation', 'POST', 'experiments'>>;
type Plan = NonNullable<ExperimentInput['plan']>;

/** Fields of a plan, each one value or a list of values to go through; and what else an experiment takes. */
export type ExperimentParameters = { [F in keyof Plan]?: Plan[F] | readonly NonNullable<Plan[F]>[] } & Omit<
  ExperimentInput,
  'plan' | 'grid' | 'stream'
>;

/** What may be said of an experiment here: the fields of a plan stand beside its own. */
const FIELDS = { ...inlinePlan.shape, ...contract.computation.endpoints.runExperiment.input.shape };

export class Researcher {
  constructor(private readonly client: Pick<Client, 'post'>) {}

  /**
   * Runs every combination of the lists and answers when all have ended, unless `wait` is false.
   * @example researcher.runExperiment({ batch_size: [1, 8], seq_len: 128, kernel: ['naive', 'flash_attention'], memory_strategy: 'paged' })
   * @throws ApiError validation_failed for a name that is no field, with the one that was meant, or a value that its field does not take
   */
  async runExperiment(parameters: ExperimentParameters): Promise<ExperimentResult> {
    const entries = Object.entries(parameters);
    const fields = entries.filter(([name]) => (PLAN_FIELDS as readonly string[]).includes(name));
    const rest = entries.filter(([name]) => !(PLAN_FIELDS as readonly string[]).includes(name));
    const unknown = rest.filter(([name]) => !Object.hasOwn(FIELDS, name));
    if (unknown.length > 0) throw invalidInput(unknown.map(([name]) => ({ path: `/${name}`, message: unknownField(name, FIELDS) })));
    const lists = fields.filter(([, value]) => Array.isArray(value));
    const single = fields.filter(([, value]) => !Array.isArray(value));
    const input = {
      wait: true,
      ...Object.fromEntries(rest),
      // A kept plan (`plan_id`) and a plan in place exclude each other.
      ...(single.length > 0 && { plan: Object.fromEntries(single) }),
      grid: Object.fromEntries(lists),
    };
    return this.client.post('computation', 'experiments', input as ExperimentInput);
  }
}
