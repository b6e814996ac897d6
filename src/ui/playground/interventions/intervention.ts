/** An intervention as the page holds it, and the tap that it becomes. */
import { counted } from '../../../environment/counted.ts';
import { type ArrayTensor, type Input, tensorData } from '../../../contract/index.ts';

type ForwardInput = Input<'model', 'forward'>;
export type Tap = NonNullable<ForwardInput['taps']>[number];

/** Values of a layer that can be changed, in order of computation; the names are those of the hook points. */
export const PLACES = [
  { value: 'hidden_states', label: 'residual stream, before the layer' },
  { value: 'q', label: 'queries' },
  { value: 'k', label: 'keys' },
  { value: 'v', label: 'values' },
  { value: 'attn_out', label: 'attention’s output' },
  { value: 'resid_mid', label: 'residual stream, between attention and MLP' },
  { value: 'mlp_out', label: 'MLP’s output' },
] as const;
export type Place = (typeof PLACES)[number]['value'];

export const OPERATIONS = [
  { value: 'ablate', label: 'ablate (= 0)' },
  { value: 'scale', label: 'scale (× value)' },
  { value: 'add', label: 'add (+ value)' },
  { value: 'replace', label: 'replace (= value)' },
  { value: 'patch', label: 'patch from a text' },
] as const;
export type Operation = (typeof OPERATIONS)[number]['value'];

export interface Intervention {
  place: Place;
  layer: number;
  operation: Operation;
  value: number;
  /** Position in the sequence; null for every token. */
  token: number | null;
  /** Of q, k and v; null for every head. */
  head: number | null;
  /** Where a patch takes its values from: the text of another run. */
  otherText: string;
}

export const FIRST_INTERVENTION: Intervention = {
  place: 'attn_out',
  layer: 0,
  operation: 'ablate',
  value: 2,
  token: null,
  head: null,
  otherText: '',
};

export const hasHeads = (place: Place): boolean => place === 'q' || place === 'k' || place === 'v';

export const hookPointOf = ({ place, layer }: Pick<Intervention, 'place' | 'layer'>): string =>
  place === 'hidden_states' ? `hidden_states.${layer}` : `layers.${layer}.${place}`;

/** Another run, whose values a patch puts in place of this one's (activation patching, arXiv:2404.15255). */
export interface Donor {
  tokenIds: number[];
  /** By hook point. [1, T, C] or [1, T, heads, D] */
  values: Readonly<Record<string, ArrayTensor>>;
}

/** Why the donor has nothing for what is chosen, or null. */
export function mismatch(donor: Donor, length: number, { token }: Intervention): string | null {
  const there = donor.tokenIds.length;
  if (token !== null) return token < there ? null : `The other text has ${counted(there, 'token')}, and none at position ${token}.`;
  return there === length
    ? null
    : `The other text has ${counted(there, 'token')}, the sequence ${length}: choose one token, or make them equally long.`;
}

/** @param donor for a patch, which fits what is chosen */
export function tapOf({ place, layer, operation, value, token, head }: Intervention, donor?: Donor): Tap {
  const where = {
    hook_point: hookPointOf({ place, layer }),
    ...(token !== null && { tokens: [token] }),
    ...(head !== null && hasHeads(place) && { heads: [head] }),
  };
  if (operation === 'ablate') return { ...where, op: operation };
  if (operation !== 'patch') return { ...where, op: operation, value };
  const values = donor!.values[where.hook_point]!;
  return { ...where, op: 'replace', value: token === null ? values : atToken(values, token) };
}

/** One token's part of a capture. [1, T, …] → [1, 1, …] */
function atToken(tensor: ArrayTensor, token: number): ArrayTensor {
  const { dtype, shape } = tensor;
  const inner = shape.slice(2);
  const width = inner.reduce((product, size) => product * size, 1);
  return { dtype, shape: [1, 1, ...inner], data: tensorData(tensor).slice(token * width, (token + 1) * width) };
}

/** Candidates asked for: those that are shown come from both sides, and each needs its probability on the other. */
const CANDIDATES = 50;

/** The call that tells what an intervention does to the token after the sequence. */
export const callOf = (tokenIds: number[], intervention: Intervention, donor?: Donor): ForwardInput => ({
  input_ids: tokenIds,
  taps: [tapOf(intervention, donor)],
  compare: true,
  logits: 'none',
  top_k: CANDIDATES,
});

/** One call of a sweep: the same token changed in every layer, a sequence of the batch for each. */
export const sweepCallOf = (
  tokenIds: number[],
  intervention: Intervention,
  token: number,
  numLayers: number,
  donor?: Donor,
): ForwardInput => ({
  input_ids: Array.from({ length: numLayers }, () => tokenIds),
  taps: Array.from({ length: numLayers }, (_, layer) => ({ ...tapOf({ ...intervention, layer, token }, donor), sequences: [layer] })),
  compare: true,
  logits: 'none',
  top_k: 1,
});

/** What a sweep depends on: it goes through layers and tokens itself. The same text for the same sweep. */
export const sweptAlike = ({ place, head, operation, value, otherText }: Intervention): string =>
  JSON.stringify([
    place,
    hasHeads(place) ? head : null,
    operation,
    operation === 'patch' ? otherText : operation === 'ablate' ? null : value,
  ]);
