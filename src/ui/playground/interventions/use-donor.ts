/** Runs the other text of a patch and keeps what passes by at the chosen place, in every layer. */
import { useQuery } from '@tanstack/react-query';
import { type ArrayTensor, tensorData } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { type Donor, hookPointOf, type Intervention } from './intervention.ts';

export function useDonor({ operation, otherText, place }: Intervention, numLayers: number, weightsHash: string | undefined) {
  const client = useClient();
  return useQuery({
    queryKey: ['playground', 'donor', weightsHash, otherText, place, numLayers],
    queryFn: async ({ signal }): Promise<Donor> => {
      const { input_ids } = await client.post('tokenizer', 'tokenize', { text: otherText }, { signal });
      const tokenIds = input_ids as number[];
      const capture = Array.from({ length: numLayers }, (_, layer) => hookPointOf({ place, layer }));
      const { captures } = await client.post('model', 'forward', { input_ids: tokenIds, capture, logits: 'none' }, { signal });
      const values = Object.entries(captures).map(([name, tensor]): [string, ArrayTensor] => [
        name,
        { ...tensor, data: tensorData(tensor) },
      ]);
      return { tokenIds, values: Object.fromEntries(values) };
    },
    enabled: operation === 'patch' && otherText !== '',
    gcTime: 60_000,
    // A patch of the code changes what the same text gives.
    staleTime: 0,
    retry: false,
  });
}
