/** Asks the service what a plan would be, while it is written: its problems by field, and the memory it takes. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiError, type ErrorItem } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { type NewPlan, type PlanDraft, whole } from './plan-draft.ts';

export interface PlanCheck {
  /** Against the contract: it cannot be kept. */
  invalid: readonly ErrorItem[];
  /** Against model and device: it can be kept, and could not run now as it says. */
  problems: readonly ErrorItem[];
  kvBytes: number | null;
}

const UNKNOWN: PlanCheck = { invalid: [], problems: [], kvBytes: null };

export function usePlanCheck(draft: PlanDraft): PlanCheck {
  const client = useClient();
  const { data: model } = useModel();
  // A plan without a name is not wrong until it is to be kept.
  const [asked] = useDebouncedValue(JSON.stringify({ ...whole(draft), name: draft.name || 'unnamed', id: undefined }), 200);
  const { data = UNKNOWN } = useQuery({
    queryKey: ['computation', 'plan-check', asked, model?.weights?.weights_hash],
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<PlanCheck> => {
      try {
        const input = { ...(JSON.parse(asked) as NewPlan), validate_only: true };
        const plan = await client.via('direct').post('computation', 'plans', input, { signal });
        return { invalid: [], problems: plan.problems, kvBytes: plan.kv_bytes };
      } catch (reason) {
        const error = ApiError.from(reason);
        if (error.code !== 'validation_failed') throw error;
        return { ...UNKNOWN, invalid: error.errors };
      }
    },
  });
  return data;
}
