/** Fetches the attention weights of one layer over a sequence: a forward pass with a capture, kept while it is looked at. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useClient } from '../../kit/client-context.tsx';
import type { SequenceToken } from '../token-span.ts';
import { AttentionMap, tokensInReach } from './attention-map.ts';

export interface AttentionView {
  layer: number;
  map: AttentionMap;
  /** The tokens on the axes: the sequence, or as much of its beginning as fits. */
  tokens: readonly SequenceToken[];
}

export interface AttentionQuestion {
  /** The sequence to look into; null while there is none. */
  tokens: readonly SequenceToken[] | null;
  layer: number;
  heads: number;
  /** Another model gives other weights for the same ids. */
  weightsHash: string | undefined;
  enabled: boolean;
}

export function useAttention({ tokens, layer, heads, weightsHash, enabled }: AttentionQuestion) {
  const client = useClient();
  const shown = tokens?.slice(0, tokensInReach(tokens.length, heads)) ?? [];
  const ids = shown.map(({ id }) => id);
  return useQuery({
    queryKey: ['playground', 'attention', weightsHash, layer, ids.join()],
    queryFn: async ({ signal }): Promise<AttentionView> => {
      const name = `attentions.${layer}`;
      const { captures } = await client.post('model', 'forward', { input_ids: ids, capture: [name], logits: 'none' }, { signal });
      const tensor = captures[name];
      if (!tensor) throw new RangeError(`The forward pass gave no ${name}.`);
      return { layer, map: new AttentionMap(tensor), tokens: shown };
    },
    enabled: enabled && ids.length > 0,
    placeholderData: keepPreviousData,
    // Megabytes each: a few are enough.
    gcTime: 20_000,
    staleTime: Infinity,
    retry: false,
    structuralSharing: false,
  });
}
