/** A workload and how it is served, as the form holds it, and the input that it makes. */
import { contract, type Input } from '../../../contract/index.ts';
import { formFields } from '../../kit/form/form-fields.ts';
import { NEW_WORKLOAD, traceTitle, type WorkloadDraft, workloadOf } from '../../kit/workload/draft.ts';

export type ScheduleInput = Input<'scheduler', 'schedule'>;
export type Settings = Omit<ScheduleInput, 'workload'> & { mode: NonNullable<ScheduleInput['mode']>; seed: number };

export const SCHEDULE = contract.scheduler.endpoints.schedule.input;
/** The part of the form that a live run leaves to what is active. */
export const SERVED_BY = 'Served by';

export interface ScheduleDraft {
  workload: WorkloadDraft;
  settings: Settings;
}

export const NEW_SCHEDULE: ScheduleDraft = { workload: NEW_WORKLOAD, settings: { mode: 'simulate', seed: 7, max_steps: 5000 } };

/** @throws ApiError validation_failed at the field, for what the form itself can tell is wrong; all else the service says */
export function inputOf({ workload, settings }: ScheduleDraft): ScheduleInput {
  const served = formFields(SCHEDULE, '', settings).filter(({ group }) => group === SERVED_BY);
  const isLeft = (name: string) => settings.mode === 'run' && served.some(({ place }) => place === name);
  return { workload: workloadOf(workload), ...Object.fromEntries(Object.entries(settings).filter(([name]) => !isLeft(name))) };
}

/** @param active policy */
export function titleOf({ workload, settings: { mode, policy, seed } }: ScheduleDraft, active: string | undefined): string {
  const { kind, num_requests } = workload.fields;
  const what =
    kind === 'trace'
      ? traceTitle(workload)
      : kind === 'requests'
        ? 'given requests'
        : `${kind.replace('_', ' ')}, ${String(num_requests)} requests, seed ${seed}`;
  return `${mode === 'run' ? 'live, ' : ''}${(mode === 'simulate' ? policy : undefined) ?? active ?? 'active policy'}, ${what}`;
}
