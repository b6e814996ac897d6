/** A benchmark as it is being written: who is measured, over which sizes, how often; and a few to begin with. */
import { ApiError, contract, type Input, inputDefaults, invalidInput } from '../../../contract/index.ts';
import { parseNumbers } from '../../kit/entry/number-text.ts';
import type { ModelState } from '../../kit/model/use-model.ts';
import type { KernelSummary, Plan } from '../queries.ts';

export type BenchmarkInput = Input<'computation', 'benchmark'>;

/** How it is measured. */
type Measured = Required<Pick<BenchmarkInput, 'execution_provider' | 'warmup' | 'repeats' | 'max_ms' | 'check_reference'>>;

export interface BenchmarkDraft {
  kernels: readonly string[];
  plans: readonly string[];
  /** Sizes that take each of `values`, all the same one; none: each subject is measured at its own sizes. */
  swept: readonly string[];
  /** Numbers, as typed. */
  values: string;
  /** Of the other sizes; what is left out is the subject's own. */
  fixed: Readonly<Record<string, number | null>>;
  how: Measured;
}

export const BENCHMARK = contract.computation.endpoints.benchmark.input;
const { execution_provider, warmup, repeats, max_ms, check_reference } = inputDefaults(BENCHMARK) as Measured;

export const EMPTY: BenchmarkDraft = {
  kernels: [],
  plans: [],
  swept: [],
  values: '64, 128, 256',
  fixed: {},
  how: { execution_provider, warmup, repeats, max_ms, check_reference },
};

/** What a benchmark of plans may vary. */
const PLAN_SIZES = ['batch_size', 'seq_len', 'decode_tokens'] as const;
const MAX_SIZES = 50;

/** The sizes that all chosen subjects have: only those can be asked of each of them. */
export function sharedSizes({ kernels, plans }: BenchmarkDraft, known: readonly KernelSummary[]): string[] {
  const lists = known.filter(({ id }) => kernels.includes(id)).map(({ sizes }) => sizes.map(({ name }) => name));
  if (plans.length > 0) lists.push([...PLAN_SIZES]);
  const [first = [], ...others] = lists;
  return first.filter((name) => others.every((names) => names.includes(name)));
}

/** @throws ApiError naming what is missing */
export function inputOf(draft: BenchmarkDraft, shared: readonly string[]): BenchmarkInput {
  const { kernels, plans, how } = draft;
  if (kernels.length + plans.length === 0) throw new ApiError('validation_failed', 'Choose at least one kernel or plan to measure.');
  return { kernels: [...kernels], plan_ids: [...plans], sizes: sizesOf(draft, shared), ...how };
}

/** Where the values that sizes take stand in the input. */
export const SIZES_PATH = '/sizes';

/** What is typed as the values of the sizes that vary. */
export function readSizes(text: string): { values: number[] } | { fault: string } {
  const values = parseNumbers(text);
  if (!values || values.length === 0 || values.some((value) => !Number.isInteger(value) || value < 1))
    return { fault: `must be whole numbers from 1 with commas between them; it is ${JSON.stringify(text.trim())}.` };
  if (values.length > MAX_SIZES) return { fault: `must have at most ${MAX_SIZES} values; it has ${values.length}.` };
  return { values };
}

function sizesOf(draft: BenchmarkDraft, shared: readonly string[]): Record<string, number>[] {
  const swept = sweptOf(draft, shared);
  const fixed = Object.fromEntries(
    shared.flatMap((name) => {
      const value = draft.fixed[name];
      return swept.includes(name) || value === null || value === undefined ? [] : [[name, value]];
    }),
  );
  if (swept.length === 0) return Object.keys(fixed).length > 0 ? [fixed] : [];
  const read = readSizes(draft.values);
  if ('fault' in read) throw invalidInput([{ path: SIZES_PATH, message: read.fault }]);
  return [...new Set(read.values)].map((value) => ({ ...fixed, ...Object.fromEntries(swept.map((name) => [name, value])) }));
}

export const sweptOf = ({ swept }: BenchmarkDraft, shared: readonly string[]): string[] => swept.filter((name) => shared.includes(name));

/** How many results there will be. */
export const resultsOf = ({ kernels = [], plan_ids = [], sizes = [] }: BenchmarkInput): number =>
  (kernels.length + plan_ids.length) * Math.max(1, sizes.length);

export interface Preset {
  name: string;
  description: string;
  draft: BenchmarkDraft;
}

/** Of attention without a model to take them from. */
const HEADS = { heads: 8, kv_heads: 4, head_dim: 32 };
const SHORTEST = 64;
const LONGEST = 4096;

/** @param model active: attention is measured with its heads, up to its context */
export function presetsOf(kernels: readonly KernelSummary[], plans: readonly Plan[], model: ModelState | undefined): Preset[] {
  const has = (...ids: string[]) => ids.every((id) => kernels.some((kernel) => kernel.id === id));
  const lengths = powersOfTwo(SHORTEST, Math.min(LONGEST, model?.max_position_embeddings ?? 512));
  const heads = {
    heads: model?.num_attention_heads ?? HEADS.heads,
    kv_heads: model?.num_key_value_heads ?? HEADS.kv_heads,
    head_dim: model?.head_dim ?? HEADS.head_dim,
  };
  const shaders = kernels.filter(({ kind, available }) => kind === 'wgsl' && available).map(({ id }) => id);
  const presets: (Preset | false)[] = [
    has('naive', 'flash_attention') && {
      name: 'flash_attention against naive',
      description: `Attention over ${lengths[0]} … ${lengths.at(-1)} tokens, with the ${model?.num_attention_heads ? 'model’s' : 'usual'} heads.`,
      draft: {
        ...EMPTY,
        kernels: ['naive', 'flash_attention'],
        swept: ['tokens'],
        values: lengths.join(', '),
        fixed: { batch: 1, ...heads },
        how: { ...EMPTY.how, warmup: 2, repeats: 10 },
      },
    },
    has('wgsl.matmul_naive', 'wgsl.matmul_tiled') &&
      shaders.includes('wgsl.matmul_tiled') && {
        name: 'Matrix product, naive against tiled',
        description: 'Square matrices of 32 to 256 rows on the GPU.',
        draft: {
          ...EMPTY,
          kernels: ['wgsl.matmul_naive', 'wgsl.matmul_tiled'],
          swept: ['M', 'N', 'K'],
          values: '32, 64, 128, 256',
        },
      },
    shaders.length > 0 && {
      name: 'Every shader',
      description: 'Each at its own sizes, against its reference.',
      draft: { ...EMPTY, kernels: shaders, how: { ...EMPTY.how, repeats: 10 } },
    },
    plans.length > 0 && {
      name: plans.length === 1 ? `Plan ${plans[0]!.name} over batch sizes` : 'Plans over batch sizes',
      description: 'What a larger batch costs, and what it gives.',
      draft: {
        ...EMPTY,
        plans: plans.map(({ id }) => id),
        swept: ['batch_size'],
        values: '1, 2, 4, 8',
        how: { ...EMPTY.how, warmup: 1, repeats: 3 },
      },
    },
  ];
  return presets.filter((preset) => preset !== false);
}

function powersOfTwo(from: number, to: number): number[] {
  const powers: number[] = [];
  for (let value = from; value <= Math.max(from, to); value *= 2) powers.push(value);
  return powers;
}
