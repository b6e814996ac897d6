/** Experiments as the page has them, and the small questions that every part of the view asks of one. */
import { linkedText } from '../../kit/address/linked-text.ts';
import type { Input, Output } from '../../../contract/index.ts';

export type Experiment = Output<'computation', 'experiment'>;
export type ExperimentSummary = Output<'computation', 'experiments'>['experiments'][number];
export type ExperimentInput = Input<'computation', 'runExperiment'>;
export type Run = Experiment['runs'][number];
export type RunMetrics = NonNullable<Run['metrics']>;
export type ExperimentRecord = NonNullable<Experiment['record']>;
export type GridValue = Run['parameters'][string];

export const isActive = ({ state }: Pick<Experiment, 'state'>): boolean => state === 'queued' || state === 'running';

/** Only what is not done can be made up for. */
export const canResume = (experiment: Experiment): boolean =>
  !isActive(experiment) && experiment.record !== null && experiment.runs.some(({ state }) => state !== 'done');

/** The input of a record, as it was sent. */
export const inputOfRecord = ({ input }: ExperimentRecord): ExperimentInput => input as ExperimentInput;

/** A value of a grid in one line. */
export const valueText = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Longer than the contract lets a name be. */
const NAME_LENGTH = 200;

/** A name may have come by a link. */
export const nameText = (name: string): string => linkedText(name, NAME_LENGTH);

/** `kernel naive · seq_len 64`. */
export const parametersText = (parameters: Readonly<Record<string, unknown>>): string =>
  Object.entries(parameters)
    .map(([field, value]) => `${field} ${valueText(value)}`)
    .join(' · ');
