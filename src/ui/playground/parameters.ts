/** The generation parameters a person can set: which there are, their bounds, defaults and descriptions are read out of the contract. */
import { z } from 'zod';
import { contract, type Input } from '../../contract/index.ts';
import { sampling } from '../../contract/sampling.ts';
import { faultSentence } from '../kit/problem/problem-parts.ts';
import { readNumber as readTyped } from '../kit/entry/number-text.ts';
import { formFields } from '../kit/form/form-fields.ts';
import type { Field, FieldOf } from '../kit/form/model.ts';

type Sampling = z.output<typeof sampling>;

const generateInput = contract.model.endpoints.generate.input;
const FIELDS = formFields(generateInput, '', {});

/** What the sampler heeds, whatever that is. */
export const SAMPLERS = Object.keys(sampling.shape) as (keyof Sampling)[];

export interface Parameters extends Sampling {
  max_new_tokens: number;
  n: number;
  logprobs: number;
  /** Drawn by the engine when null. */
  seed: number | null;
  stop: string[];
  ignore_eos: boolean;
}

/** Every parameter that the playground has a control for, as the contract has it. */
export const PARAMETER_NAMES = FIELDS.map(({ place }) => place as keyof Parameters);

/** The parts of the form, with their fields in order. */
export const PARTS = ['Sampling', 'Output'].map((title) => ({
  title,
  fields: FIELDS.filter(({ group }) => group === title).map(({ place, field }) => ({ name: place as keyof Parameters, field })),
}));

const ofKind = <K extends Field['kind'], N extends keyof Parameters>(kind: K) =>
  Object.fromEntries(FIELDS.flatMap(({ place, field }) => (field.kind === kind ? [[place, field]] : []))) as Record<N, FieldOf<K>>;

type NamesOf<T> = { [N in keyof Parameters]: Parameters[N] extends T ? N : never }[keyof Parameters];
export type NumericName = NamesOf<number | null>;
export type FlagName = NamesOf<boolean>;

export const NUMBERS = ofKind<'number', NumericName>('number');
export const FLAGS = Object.keys(ofKind<'boolean', FlagName>('boolean')) as FlagName[];
/** How many stop strings a call may carry. */
export const MAX_STOP_STRINGS = ofKind<'array', 'stop'>('array').stop.maxItems!;

const samplerDefaults = sampling.parse({});
const contractDefaults = z.object(generateInput.shape).parse({});

export const DEFAULT_PARAMETERS: Parameters = {
  max_new_tokens: contractDefaults.max_new_tokens,
  ...samplerDefaults,
  n: contractDefaults.n,
  logprobs: 8,
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
  { name: 'Greedy', hint: 'Always the most probable token', sampling: { ...samplerDefaults, temperature: 0 } },
  { name: 'Balanced', hint: 'Coherent, with some variety', sampling: { ...samplerDefaults, temperature: 0.7, top_p: 0.9 } },
  { name: 'Creative', hint: 'Flatter, with the tail cut by min-p', sampling: { ...samplerDefaults, temperature: 1.2, min_p: 0.05 } },
];

export const STARTING_PARAMETERS: Parameters = { ...DEFAULT_PARAMETERS, ...PRESETS[1]?.sampling };

/** The preset whose samplers are the active ones, if one is. */
export function presetOf(parameters: Parameters): Preset | undefined {
  return PRESETS.find(({ sampling }) => SAMPLERS.every((name) => sampling[name] === parameters[name]));
}

/** What is typed into a number's field: the number, or why it is none that the contract takes. Nothing typed is what is left out. */
export function readNumber(name: NumericName, text: string): { value: number | null } | { fault: string } {
  const typed = text.trim();
  if (typed === '') return { value: (NUMBERS[name].default as number | undefined) ?? null };
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

/** The id of a parameter's control, and the address that opens the playground there. */
export const parameterId = (name: keyof Parameters): string => `playground-${name}`;
export const parameterHref = (name: keyof Parameters): string => `/playground/${name}`;
