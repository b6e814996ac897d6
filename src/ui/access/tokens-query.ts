/** The list of tokens, and what asks for it anew. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../kit/client-context.tsx';

const queryKey = ['auth', 'tokens'];
/** A use elsewhere shows without being asked for. */
const LOOK_MS = 5000;

export function useTokens() {
  const client = useClient();
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => client.via('direct').get('auth', 'tokens', {}, { signal }),
    refetchInterval: LOOK_MS,
    retry: false,
  });
}

export function useTokensAgain(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey });
}
