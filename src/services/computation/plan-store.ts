/** Plans as resources: those that came with the workbench, and a person's own, which are kept. */
import { ApiError, contract, parseInput, type ParsedInput } from '../../contract/index.ts';
import { inlinePlan, PLAN_DEFAULTS, planParts, wholePlan } from '../../contract/plan.ts';
import { MAX_PLAN_TOKENS } from '../../contract/plan-example.ts';
import { assertRules } from '../../contract/rules.ts';
import { shortId } from '../../environment/ids.ts';
import type { RecordStore } from '../../environment/record-store.ts';
import type { ExecutionPlan } from './plan.ts';

/** A plan without its problems and bytes, which are told anew each time. */
export type StoredPlan = Omit<ExecutionPlan, 'problems' | 'kv_bytes'>;
/** As it lies in the browser's storage. Without a format it is from when `seq_len` counted the prompt alone. */
export type KeptPlan = StoredPlan & { format?: 2 };

/** For what lies in the browser's storage. */
export const isStoredPlan = (kept: unknown): kept is KeptPlan =>
  contract.computation.endpoints.plan.output.omit({ problems: true, kv_bytes: true }).safeParse(kept).success;

const BUILT_IN: readonly StoredPlan[] = [
  {
    ...PLAN_DEFAULTS,
    id: 'default',
    name: 'Default',
    description: 'What every field left out stands for.',
    example_input: null,
    example_output: null,
    built_in: true,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  },
];

export class PlanStore {
  readonly #plans = new Map<string, StoredPlan>(BUILT_IN.map((plan) => [plan.id, plan]));
  #read: Promise<void> | null = null;

  constructor(private readonly records: RecordStore<KeptPlan>) {}

  get size(): number {
    return this.#plans.size;
  }

  async list(): Promise<StoredPlan[]> {
    await this.#ready();
    return [...this.#plans.values()];
  }

  /** @throws ApiError not_found */
  async get(id: string): Promise<StoredPlan> {
    await this.#ready();
    const plan = this.#plans.get(id);
    if (!plan) throw new ApiError('not_found', `No plan "${id}"; there are ${[...this.#plans.keys()].join(', ')}.`);
    return plan;
  }

  /** @throws ApiError conflict where the id is taken */
  async create(input: ParsedInput<'computation', 'createPlan'>): Promise<StoredPlan> {
    assertRules(contract.computation.endpoints.createPlan.input, input);
    const { id, name, description, example_input, example_output, validate_only, plan: nested, ...beside } = input;
    parseInput(planParts, { plan: nested, example_input, example_output });
    const fields = nested ?? parseInput(inlinePlan, beside);
    await this.#ready();
    if (id !== undefined && this.#plans.has(id))
      throw new ApiError('conflict', `There is a plan "${id}" already; PUT /computation/plans/${id} changes it, or take another id.`, [
        { path: '/id', message: `is "${id}", which another plan has.` },
      ]);
    const now = new Date().toISOString();
    const plan: StoredPlan = {
      ...wholePlan(fields),
      id: id ?? shortId('plan'),
      // One of the two is given.
      name: name ?? id!,
      description,
      example_input: example_input ?? null,
      example_output: example_output ?? null,
      built_in: false,
      created_at: now,
      updated_at: now,
    };
    if (!validate_only) await this.#keep(plan);
    return plan;
  }

  /** @throws ApiError not_found; conflict for a built-in plan */
  async update(input: ParsedInput<'computation', 'updatePlan'>): Promise<StoredPlan> {
    assertRules(contract.computation.endpoints.updatePlan.input, input);
    const before = await this.#own(input.id, 'changed');
    const {
      id: _,
      name = before.name,
      description = before.description,
      example_input = before.example_input,
      example_output = before.example_output,
      validate_only,
      plan: nested,
      ...beside
    } = input;
    parseInput(planParts, { plan: nested, example_input, example_output });
    const fields = wholePlan(nested ?? parseInput(inlinePlan, beside), before);
    const plan: StoredPlan = {
      ...before,
      ...fields,
      name,
      description,
      example_input,
      example_output,
      updated_at: new Date().toISOString(),
    };
    if (!validate_only) await this.#keep(plan);
    return plan;
  }

  /** @throws ApiError not_found; conflict for a built-in plan */
  async delete(id: string): Promise<void> {
    await this.#own(id, 'deleted');
    this.#plans.delete(id);
    await this.records.delete(id).catch(() => {});
  }

  /** The first run of a plan of one's own says what it gives. */
  async learnOutput(id: string, tokenIds: number[][]): Promise<void> {
    const plan = this.#plans.get(id);
    if (plan && !plan.built_in && plan.example_input && !plan.example_output)
      await this.#keep({ ...plan, example_output: { token_ids: tokenIds } });
  }

  async #own(id: string, what: string): Promise<StoredPlan> {
    const plan = await this.get(id);
    if (plan.built_in)
      throw new ApiError('conflict', `The plan "${id}" came with the workbench and can't be ${what}; keep a copy under another id.`);
    return plan;
  }

  /** A browser that keeps nothing leaves it active until the page goes. */
  async #keep(plan: StoredPlan): Promise<void> {
    this.#plans.set(plan.id, plan);
    await this.records.put({ ...plan, format: 2 }).catch(() => {});
  }

  /** What was kept earlier, read once; records that can't be read are none. */
  #ready(): Promise<void> {
    return (this.#read ??= this.records
      .list()
      .then((plans) => plans.forEach((plan) => this.#plans.set(plan.id, asNow(plan))))
      .catch(() => {}));
  }
}

function asNow({ format, ...plan }: KeptPlan): StoredPlan {
  return format === undefined ? { ...plan, seq_len: Math.min(plan.seq_len + plan.decode_tokens, MAX_PLAN_TOKENS) } : plan;
}
