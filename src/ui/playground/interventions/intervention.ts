/** An intervention as the page holds it, and the tap that it becomes. */
import type { Input } from '../../../contract/index.ts';

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
}

export const FIRST_INTERVENTION: Intervention = { place: 'attn_out', layer: 0, operation: 'ablate', value: 2, token: null, head: null };

export const hasHeads = (place: Place): boolean => place === 'q' || place === 'k' || place === 'v';

export const hookPointOf = ({ place, layer }: Pick<Intervention, 'place' | 'layer'>): string =>
  place === 'hidden_states' ? `hidden_states.${layer}` : `layers.${layer}.${place}`;

export function tapOf({ place, layer, operation, value, token, head }: Intervention): Tap {
  const where = {
    hook_point: hookPointOf({ place, layer }),
    ...(token !== null && { tokens: [token] }),
    ...(head !== null && hasHeads(place) && { heads: [head] }),
  };
  return operation === 'ablate' ? { ...where, op: operation } : { ...where, op: operation, value };
}

/** Candidates asked for: those that are shown come from both sides, and each needs its probability on the other. */
const CANDIDATES = 50;

/** The call that tells what an intervention does to the token after the sequence. */
export const callOf = (tokenIds: number[], intervention: Intervention): ForwardInput => ({
  input_ids: tokenIds,
  taps: [tapOf(intervention)],
  compare: true,
  logits: 'none',
  top_k: CANDIDATES,
});

/** One call of a sweep: the same token changed in every layer, a sequence of the batch for each. */
export const sweepCallOf = (tokenIds: number[], intervention: Intervention, token: number, numLayers: number): ForwardInput => ({
  input_ids: Array.from({ length: numLayers }, () => tokenIds),
  taps: Array.from({ length: numLayers }, (_, layer) => ({ ...tapOf({ ...intervention, layer, token }), sequences: [layer] })),
  compare: true,
  logits: 'none',
  top_k: 1,
});
