/** The effect of a patch: the model with the built-in version beside the model with the version in force, on one prompt. */
import type { Client } from '../../../client/client.ts';
import { type Departure, firstDeparture } from './bisect.ts';
import { type Difference, differenceOf, firstDifference, topAgreement } from './difference.ts';
import { type Question, type Snapshot, takeSnapshot } from './snapshot.ts';

export interface Effect {
  question: Question;
  /** In force when it was measured. */
  revision: string;
  before: Snapshot;
  after: Snapshot;
  logits: (Difference & { agreement: number }) | null;
  departure: Departure | null;
  /** Index of the first token of the generation that differs. */
  textParts: number | null;
}

export type Step = 'built-in' | 'patched' | 'restoring';

/** Baselines by model, question and what else is patched: each is measured once. */
const baselines = new Map<string, Snapshot>();
const MAX_BASELINES = 8;

interface State {
  revision: string;
  patched: boolean;
  key: string;
}

async function stateOf(client: Client, id: string, question: Question): Promise<State> {
  const [{ resources }, info] = await Promise.all([client.get('code', 'resources'), client.get('model', 'info')]);
  const resource = resources.find((each) => each.id === id);
  const others = resources.filter((each) => each.id !== id && each.patched).map((each) => `${each.id}@${each.revision_id}`);
  return {
    revision: resource?.revision_id ?? '',
    patched: resource?.patched ?? false,
    key: JSON.stringify([id, info.state.weights?.weights_hash, question, others]),
  };
}

/** Measures the built-in version while it is in force, so that it need not be put back for the comparison. */
export async function measureBaseline(client: Client, id: string, question: Question, signal: AbortSignal): Promise<void> {
  const { patched, key } = await stateOf(client, id, question);
  if (!patched && !baselines.has(key)) keep(key, await takeSnapshot(client, question, signal));
}

/**
 * Where the built-in version was not measured before, or is to be again, it is put in force for the moment that it takes.
 * @param fresh measures both versions now, so that their speeds can be compared
 * @throws ApiError of any call; what was in force is in force again then too
 */
export async function compareWithBuiltIn(
  client: Client,
  id: string,
  question: Question,
  signal: AbortSignal,
  onStep: (step: Step) => void,
  fresh = false,
): Promise<Effect> {
  const { revision, patched, key } = await stateOf(client, id, question);
  onStep('patched');
  const after = await takeSnapshot(client, question, signal);
  if (!patched) keep(key, after);
  const before =
    (fresh && patched ? undefined : baselines.get(key)) ??
    (await whileBuiltIn(client, id, revision, onStep, () => takeSnapshot(client, question, signal)));
  keep(key, before);
  return { question, revision, before, after, ...differ(before, after) };
}

async function whileBuiltIn<T>(
  client: Client,
  id: string,
  revision: string,
  onStep: (step: Step) => void,
  work: () => Promise<T>,
): Promise<T> {
  onStep('built-in');
  await client.post('code', 'resources/{id}/revert', { id });
  try {
    return await work();
  } finally {
    onStep('restoring');
    await client.post('code', 'resources/{id}/revert', { id, revision_id: revision });
  }
}

function keep(key: string, snapshot: Snapshot): void {
  baselines.delete(key);
  baselines.set(key, snapshot);
  for (const oldest of baselines.keys()) {
    if (baselines.size <= MAX_BASELINES) return;
    baselines.delete(oldest);
  }
}

function differ(before: Snapshot, after: Snapshot): Pick<Effect, 'logits' | 'departure' | 'textParts'> {
  const ids = ({ written }: Snapshot) => written.map(({ id }) => id);
  return {
    logits:
      before.logits && after.logits
        ? {
            ...differenceOf(before.logits.values, after.logits.values),
            agreement: topAgreement(before.logits.values, after.logits.values, before.logits.width),
          }
        : null,
    departure: firstDeparture(before.captures, after.captures),
    textParts: firstDifference(ids(before), ids(after)),
  };
}
