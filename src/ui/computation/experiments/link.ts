/** An experiment as a link: its input, and the weights and code that it was measured with, so that another page can tell whether its own are the same. */
import { z } from 'zod';
import { outdated } from '../../../contract/experiment.ts';
import { ApiError, contract, jsonInput, parseInput } from '../../../contract/index.ts';
import { linkedText } from '../../kit/address/linked-text.ts';
import { asObject, LinkError, packJson, unpackJson } from '../../kit/address/packed-json.ts';
import { revisionsText } from './compare.ts';
import { type ExperimentInput, type ExperimentRecord, inputOfRecord } from './experiment.ts';

const { input } = contract.computation.endpoints.runExperiment;

/** Of a list or a sentence. */
const LONG = 400;

const linked = z.object({
  // How the answer is to be delivered is not the sender's business.
  input: z.object(input.shape).omit({ resume: true, repeat_of: true, validate_only: true, keep: true, wait: true, stream: true }),
  model_id: z.string(),
  weights_hash: z.string(),
  code_revisions: z.record(z.string(), z.string()),
  contract: z.string().optional(),
});

export interface Linked {
  input: ExperimentInput;
  model_id: string;
  weights_hash: string;
  code_revisions: Record<string, string>;
  /** Version of the contract under which it was measured. */
  contract?: string | undefined;
}

/** The path of a link that carries the experiment of a record whole. */
export async function linkTo(record: ExperimentRecord): Promise<string> {
  const { keep: _, wait: __, stream: ___, validate_only: ____, ...own } = inputOfRecord(record);
  const { model_id, weights_hash, code_revisions, versions } = record;
  const whole: Linked = { input: own, model_id, weights_hash, code_revisions, contract: versions['contract'] };
  return `/computation/experiments?experiment=${await packJson(whole)}`;
}

/** @throws LinkError that says why the link cannot be read */
export async function readLink(text: string): Promise<Linked> {
  const value = asObject(await unpackJson(text), 'An experiment');
  let found: Linked;
  try {
    // As an input that is sent: a name that objects lose on the way to a comparison is refused.
    found = parseInput(linked, jsonInput(value)) as Linked;
  } catch (error) {
    throw new LinkError(`The link holds no experiment that this workbench knows: ${linkedText(ApiError.from(error).message, LONG)}`);
  }
  const why = outdated(found.contract, found.input);
  if (why) throw new LinkError(`The link holds an experiment that can't be run as it stands. ${why}`);
  return found;
}

export interface ActiveVersions {
  model_id: string;
  weights_hash: string;
  code_revisions: Readonly<Record<string, string>>;
}

export interface Standing {
  sameWeights: boolean;
  sameCode: boolean;
  weights: string;
  code: string;
}

/** Whether what the link expects is active, as sentences. */
export function standingOf(expected: Omit<Linked, 'input'>, now: ActiveVersions): Standing {
  const sameWeights = expected.weights_hash === now.weights_hash;
  const [wanted, here] = [revisionsText(expected.code_revisions), revisionsText(now.code_revisions)];
  return {
    sameWeights,
    sameCode: wanted === here,
    weights: sameWeights
      ? `${now.model_id}, the same weights.`
      : `The link was made on ${linkedText(expected.model_id)} (${linkedText(expected.weights_hash.slice(0, 12))}); active is ${now.model_id} (${now.weights_hash.slice(0, 12)}).`,
    code: wanted === here ? `${wanted}, as in the link.` : `The link was made with ${linkedText(wanted, LONG)}; active is ${here}.`,
  };
}
