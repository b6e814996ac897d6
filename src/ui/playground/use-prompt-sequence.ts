/** Tokenizes what is being typed, a moment after the last key, and keeps the last answer in sight meanwhile. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useClient } from '../kit/client-context.tsx';
import { type Prompt, readPrompt } from './prompt-sequence.ts';

const DEBOUNCE_MS = 150;

export function usePromptSequence(prompt: Prompt, tokenizerKey: string | undefined, enabled: boolean) {
  const client = useClient();
  const [key] = useDebouncedValue(JSON.stringify(prompt), DEBOUNCE_MS);
  return useQuery({
    queryKey: ['playground', 'prompt', tokenizerKey, key],
    queryFn: ({ signal }) => readPrompt(client, JSON.parse(key) as Prompt, signal),
    enabled: enabled && tokenizerKey !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 30_000,
    retry: false,
  });
}
