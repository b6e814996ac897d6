/** The effect of a patch: the model with the built-in version beside the model with the active version, on one prompt. */
import type { Client } from '../../../client/client.ts';
import { type Output, tensorData } from '../../../contract/index.ts';
import { type Captures, type Divergence, firstDivergence, HOOK_POINTS } from './bisect.ts';
import { type Difference, differenceOf, firstDifference, topAgreement } from '../../../contract/value-difference.ts';

/** Which parts of the pipeline a resource can change. */
export type Scope = 'logits' | 'text' | 'tokens';

export interface Question {
  prompt: string;
  scope: Scope;
  /** 0: greedy. */
  temperature: number;
  maxNewTokens: number;
}

export interface Written {
  id: number;
  text: string;
}

type Measured = Output<'code', 'compareVersions'>['before'];
export type Candidate = Measured['top_k'][number];

export interface Snapshot {
  inputIds: readonly number[];
  promptTokens: readonly string[];
  /** All rows of logits, T × V; null where the scope leaves them out. */
  logits: { values: ArrayLike<number>; width: number } | null;
  captures: Captures;
  top: readonly Candidate[];
  written: readonly Written[];
  tokensPerSecond: number | null;
}

export interface Effect {
  question: Question;
  /** Active when it was measured. */
  revision: string;
  /** Of the other patched code that both ran with, the revision by resource. */
  others: Readonly<Record<string, string>>;
  before: Snapshot;
  after: Snapshot;
  logits: (Difference & { agreement: number }) | null;
  divergence: Divergence | null;
  /** Index of the first token of the generation that differs. */
  textParts: number | null;
}

/** Both versions run on an engine of their own: what is active goes on, for everyone. */
export async function compareWithBuiltIn(client: Client, id: string, question: Question, signal: AbortSignal): Promise<Effect> {
  const { prompt, scope, temperature, maxNewTokens } = question;
  // By the port: captures and logits are megabytes.
  const direct = client.via('direct');
  const info = await direct.get('model', 'info', {}, { signal });
  const wantsLogits = scope === 'logits';
  const input = {
    ...{ id, prompt, temperature, max_new_tokens: maxNewTokens, logits: wantsLogits },
    capture: wantsLogits && info.state.hook_points.length > 0 ? [...HOOK_POINTS] : [],
  };
  const compared = await direct.post('code', 'compare/{id}', input, { signal });
  const [before, after] = [snapshotOf(compared.before, scope), snapshotOf(compared.after, scope)];
  return { question, revision: compared.after.revision_id, others: compared.other_revisions, before, after, ...differ(before, after) };
}

const snapshotOf = (measured: Measured, scope: Scope): Snapshot => ({
  inputIds: measured.input_ids,
  promptTokens: measured.tokens,
  logits: measured.logits && { values: tensorData(measured.logits), width: measured.logits.shape.at(-1) ?? 0 },
  captures: Object.fromEntries(Object.entries(measured.captures).map(([name, tensor]) => [name, tensorData(tensor)])),
  top: scope === 'logits' ? measured.top_k : [],
  written: measured.generated.map(({ token_id, text }) => ({ id: token_id, text })),
  tokensPerSecond: measured.tokens_per_second,
});

function differ(before: Snapshot, after: Snapshot): Pick<Effect, 'logits' | 'divergence' | 'textParts'> {
  const ids = ({ written }: Snapshot) => written.map(({ id }) => id);
  return {
    logits:
      before.logits && after.logits
        ? {
            ...differenceOf(before.logits.values, after.logits.values),
            agreement: topAgreement(before.logits.values, after.logits.values, before.logits.width),
          }
        : null,
    divergence: firstDivergence(before.captures, after.captures),
    textParts: firstDifference(ids(before), ids(after)),
  };
}
