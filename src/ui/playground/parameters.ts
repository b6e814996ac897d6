/** The generation parameters a person can set, with bounds, defaults and descriptions read out of the contract. */
import { z } from 'zod';
import { contract, type Input } from '../../contract/index.ts';
import { type FormHints, IN_FORMS } from '../../contract/in-forms.ts';
import { sampling } from '../../contract/sampling.ts';
import { faultSentence } from '../kit/problem/problem-parts.ts';
import { readNumber as readTyped } from '../kit/entry/number-text.ts';

type Sampling = z.output<typeof sampling>;

/** What the sampler heeds, whatever that is. */
export const SAMPLERS = Object.keys(sampling.shape) as (keyof Sampling)[];

export type NumericName = keyof Sampling | 'max_new_tokens' | 'seed' | 'n' | 'logprobs';

const NUMERIC: readonly NumericName[] = ['max_new_tokens', ...SAMPLERS, 'seed', 'n', 'logprobs'];

/** What the contract says about one number. */
export interface Bounds {
  minimum: number;
  maximum: number;
  /** The bound itself is not allowed: `top_p > 0`. */
  exclusiveMinimum: boolean;
  integer: boolean;
  default: number | null;
  description: string;
  /** Of the slider. */
  usual: readonly [number, number];
  step: number;
}

const jsonNumber = z.object({
  type: z.enum(['number', 'integer']),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.number().optional(),
  description: z.string().optional(),
});

const generateInput = contract.model.endpoints.generate.input;
const generateSchema = z.toJSONSchema(generateInput, { io: 'input' });

function readBounds(name: NumericName): Bounds {
  const schema = generateSchema.properties?.[name];
  const field = jsonNumber.parse(schema);
  const minimum = field.minimum ?? field.exclusiveMinimum ?? Number.MIN_SAFE_INTEGER;
  const maximum = field.maximum ?? Number.MAX_SAFE_INTEGER;
  const { usual = [minimum, maximum], step = 1 } = ((schema as Record<string, unknown>)[IN_FORMS] ?? {}) as FormHints;
  return {
    ...{ minimum, maximum, usual, step },
    exclusiveMinimum: field.exclusiveMinimum !== undefined,
    integer: field.type === 'integer',
    default: field.default ?? null,
    description: field.description ?? '',
  };
}

export const BOUNDS = Object.fromEntries(NUMERIC.map((name) => [name, readBounds(name)])) as Record<NumericName, Bounds>;

/** How many stop strings a call may carry. */
export const MAX_STOP_STRINGS = z.object({ maxItems: z.number() }).parse(generateSchema.properties?.['stop']).maxItems;

export interface Parameters extends Sampling {
  max_new_tokens: number;
  n: number;
  logprobs: number;
  /** Drawn by the engine when null. */
  seed: number | null;
  stop: string[];
  ignore_eos: boolean;
}

const samplerDefaults = sampling.parse({});
const contractDefaults = z.object(generateInput.shape).parse({});

export const DEFAULT_PARAMETERS: Parameters = {
  max_new_tokens: contractDefaults.max_new_tokens,
  ...samplerDefaults,
  n: contractDefaults.n,
  logprobs: Math.min(8, BOUNDS.logprobs.maximum),
  seed: null,
  stop: contractDefaults.stop,
  ignore_eos: contractDefaults.ignore_eos,
};

export interface Preset {
  name: string;
  hint: string;
  sampling: Sampling;
}

/** Every preset sets every sampler, so that switching leaves nothing behind. */
export const PRESETS: readonly Preset[] = [
  { name: 'Greedy', hint: 'Always the most probable token', sampling: { ...samplerDefaults, temperature: BOUNDS.temperature.minimum } },
  { name: 'Balanced', hint: 'Coherent, with some variety', sampling: { ...samplerDefaults, temperature: 0.7, top_p: 0.9 } },
  { name: 'Creative', hint: 'Flatter, with the tail cut by min-p', sampling: { ...samplerDefaults, temperature: 1.2, min_p: 0.05 } },
];

export const STARTING_PARAMETERS: Parameters = { ...DEFAULT_PARAMETERS, ...PRESETS[1]?.sampling };

/** The preset whose samplers are the active ones, if one is. */
export function presetOf(parameters: Parameters): Preset | undefined {
  return PRESETS.find(({ sampling }) => SAMPLERS.every((name) => sampling[name] === parameters[name]));
}

/** The nearest value that the contract takes; null for what is no number. */
export function clampToBounds(name: NumericName, value: number): number | null {
  if (!Number.isFinite(value)) return null;
  const { minimum, maximum, integer, exclusiveMinimum } = BOUNDS[name];
  const clamped = Math.min(maximum, Math.max(minimum, integer ? Math.round(value) : value));
  if (exclusiveMinimum && clamped <= minimum) return minimum + 0.01;
  return clamped;
}

/** What is typed into a number's field: the number, or why it is none that the contract takes. Nothing typed is what is left out. */
export function readNumber(name: NumericName, text: string): { value: number | null } | { fault: string } {
  const typed = text.trim();
  if (typed === '') return { value: BOUNDS[name].default };
  const read = readTyped(generateInput.shape[name], typed);
  return 'fault' in read ? { fault: faultSentence({ path: `/${name}`, message: read.fault }) } : read;
}

/** Numbers being typed that can't be taken, with why: they stay in their field, and nothing is generated until they are mended. */
export type NumberFaults = Readonly<Partial<Record<NumericName, { text: string; fault: string }>>>;

export type GenerateInput = Input<'model', 'generate'>;

/** The part of a `generate` call that the parameters make. */
export function generateFields(parameters: Parameters): GenerateInput {
  const { seed, ...rest } = parameters;
  return seed === null ? rest : { ...rest, seed };
}

/** Every parameter that the playground has a control for. */
export const PARAMETER_NAMES: readonly (keyof Parameters)[] = [...NUMERIC, 'stop', 'ignore_eos'];

/** The id of a parameter's control, and the address that opens the playground there. */
export const parameterId = (name: keyof Parameters): string => `playground-${name}`;
export const parameterHref = (name: keyof Parameters): string => `/playground/${name}`;
