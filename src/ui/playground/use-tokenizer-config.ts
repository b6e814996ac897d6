/** The tokenizer in force: whether it has a chat template, and which special tokens it knows. */
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../kit/client-context.tsx';

/** @param weightsHash of the model that the tokenizer came with: another model, another question */
export function useTokenizerConfig(weightsHash: string | undefined) {
  const client = useClient();
  return useQuery({
    queryKey: ['playground', 'tokenizer', weightsHash],
    queryFn: ({ signal }) => client.get('tokenizer', 'config', {}, { signal }),
    enabled: weightsHash !== undefined,
    retry: false,
  });
}
