/** The prompts of a plan's example as ids: as they are given, or as the active tokenizer reads their texts. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { promptsIn } from '../../../contract/plan-example.ts';
import { useClient } from '../../kit/client-context.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import type { PlanDraft } from './plan-draft.ts';

/** `null` where there are none, or their texts are not read yet. */
export function useExamplePrompts(example: PlanDraft['example_input']): readonly (readonly number[])[] | null {
  const client = useClient();
  const { data: model } = useModel();
  const prompts = example && (example.text ?? example.input_ids) !== undefined ? promptsIn(example).map(({ prompt }) => prompt) : [];
  const texts = prompts.filter((prompt) => typeof prompt === 'string');
  const { data } = useQuery({
    queryKey: ['tokenizer', 'prompts', model?.weights?.weights_hash, texts],
    enabled: texts.length > 0 && texts.every((text) => text !== '') && Boolean(model?.weights),
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await client.via('direct').post('tokenizer', 'tokenize', { text: texts, return_offsets: false }, { signal }))
        .input_ids as number[][],
  });
  if (texts.length > 0) return data?.length === texts.length ? data : null;
  return prompts.length > 0 ? (prompts as number[][]) : null;
}
