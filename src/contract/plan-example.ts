/** The example of a plan: prompts, what a run of the plan must give for them, and the verdict on a run. */
import { z } from 'zod';
import { agreement, agreementOf } from './agreement.ts';
import type { ErrorItem } from './errors.ts';
import { shownNumber } from './invalid-input.ts';
import { atLeastOne, exactlyOne, needs, withRules } from './rules.ts';
import { type Tensor, tensorData } from './tensor.ts';
import { MAX_TEXT_LENGTH, text, texts } from './text.ts';
import { differencesOf, type Difference } from './token-comparison.ts';
import { MAX_IDS, tokenId } from './tokenizer.ts';

export const MAX_PLAN_BATCH = 64;
export const MAX_PLAN_TOKENS = 131_072;

/** Largest difference of a logit that passes unless one is given, by what the plan computes in. */
export const LOGIT_TOLERANCE = { float32: 1e-3, float16: 0.25 } as const;

const prompt = z.array(tokenId).min(1).max(MAX_PLAN_TOKENS);
export const planPrompts = z.array(prompt).min(1).max(MAX_PLAN_BATCH);

export const exampleInput = withRules(
  z.strictObject({
    text: z
      .union([text.min(1), texts(MAX_PLAN_BATCH)])
      .optional()
      .meta({
        description: `One prompt, or one for each sequence, as text: at most ${MAX_TEXT_LENGTH} characters in all, which the active tokenizer reads as \`POST /model/generate\` would.`,
      }),
    input_ids: z.union([prompt, planPrompts]).optional().meta({ description: 'One prompt, or one for each sequence, as ids.' }),
  }),
  exactlyOne('text', 'input_ids'),
).meta({ description: 'As many sequences run as it has prompts, each as long as its prompt and what is decoded after it.' });

const logitRow = z.array(z.number()).min(1).max(MAX_IDS);

export const exampleOutput = withRules(
  z.strictObject({
    token_ids: z
      .array(z.array(tokenId).max(MAX_PLAN_TOKENS))
      .max(MAX_PLAN_BATCH)
      .optional()
      .meta({ description: 'Greedy tokens, one list a sequence.' }),
    logits: z
      .union([logitRow, z.array(logitRow).min(1).max(MAX_PLAN_BATCH)])
      .optional()
      .meta({
        description:
          'After the prompt, before sampling: one list, or one for each sequence. A list has a value for each token that the model knows, in the order of their ids, or for those that `logits_at` names. Of another length it is taken, and a run fails by it: nothing is compared then.',
      }),
    logits_at: z
      .array(tokenId)
      .min(1)
      .max(MAX_IDS)
      .optional()
      .meta({ description: 'Tokens that the values of `logits` are for, in their order.' }),
    tolerance: z
      .number()
      .min(0)
      .optional()
      .meta({
        description: `Largest difference of a logit that passes. Left out: ${LOGIT_TOLERANCE.float32} where the plan computes in float32, ${LOGIT_TOLERANCE.float16} in float16.`,
      }),
  }),
  atLeastOne('token_ids', 'logits'),
  needs('logits_at', 'logits'),
  needs('tolerance', 'logits'),
).meta({ description: 'What a run of `example_input` is held against.' });

type ExampleInput = z.infer<typeof exampleInput>;
export type ExampleOutput = z.infer<typeof exampleOutput>;

/** The prompts of an example, one for each sequence, with their places in it. */
export function promptsIn({ text: said, input_ids: ids }: ExampleInput): { path: string; prompt: string | number[] }[] {
  if (typeof said === 'string') return [{ path: '/text', prompt: said }];
  if (said) return said.map((prompt, i) => ({ path: `/text/${i}`, prompt }));
  if (isOneList(ids!)) return [{ path: '/input_ids', prompt: ids }];
  return ids!.map((prompt, i) => ({ path: `/input_ids/${i}`, prompt }));
}

export const planProblem = z.object({ path: z.string().meta({ description: 'JSON Pointer to the field.' }), message: z.string() });

export const exampleVerdict = z
  .object({
    passed: z.boolean(),
    problems: z.array(planProblem).meta({
      description:
        'What differs, by its place in the plan: a list of another length, the first other token of each sequence, the logit that is furthest off. Empty: it passed.',
    }),
    logits: agreement.nullable().meta({
      description: 'How far the logits are; `index` is [sequence, place in its list]. `null`: none are expected, or the lengths differ.',
    }),
  })
  .meta({ id: 'ExampleVerdict' });

export type ExampleVerdict = z.infer<typeof exampleVerdict>;

/** What a run of a plan gave, as `POST /computation/execute` answers it. */
interface PlanRun {
  token_ids: readonly (readonly number[])[] | null;
  outputs: Readonly<Record<string, Tensor>>;
  used: { compute_dtype: 'auto' | keyof typeof LOGIT_TOLERANCE } | null;
}

const PLACE = '/example_output';

/** A run held against what its example must give. */
export function verdictOn(expected: ExampleOutput, run: PlanRun): ExampleVerdict {
  const problems = expected.token_ids ? differencesOf(run.token_ids ?? [], expected.token_ids).map(problemOfToken) : [];
  const logits = expected.logits ? compareLogits(expected, run, problems) : null;
  return { passed: problems.length === 0, problems, logits };
}

function problemOfToken({ sequence, at, actual, expected }: Difference): ErrorItem {
  if (expected === null) return { path: `${PLACE}/token_ids/${sequence}`, message: `has ${at} tokens; the run gave ${actual} after them.` };
  return {
    path: `${PLACE}/token_ids/${sequence}/${at}`,
    message: `is ${expected}; the run gave ${actual === null ? 'no token there' : actual}.`,
  };
}

function compareLogits(
  { logits, logits_at: ids, tolerance }: ExampleOutput,
  run: PlanRun,
  problems: ErrorItem[],
): ExampleVerdict['logits'] {
  const given = run.outputs['logits']!;
  const [sequences = 0, vocabulary = 0] = given.shape;
  const isOne = isOneList(logits!);
  const rows = isOne ? [logits as number[]] : (logits as number[][]);
  const pathOf = (row: number): string => `${PLACE}/logits${isOne ? '' : `/${row}`}`;
  const wanted = ids?.length ?? vocabulary;
  const faults: ErrorItem[] = [];
  if (rows.length !== sequences)
    faults.push({
      path: `${PLACE}/logits`,
      message: `has ${counted(rows.length, 'list')} of values; the run has ${counted(sequences, 'sequence')}, each with its own.`,
    });
  rows.forEach(({ length }, row) => {
    if (length !== wanted)
      faults.push({
        path: pathOf(row),
        message: ids
          ? `has ${counted(length, 'value')}; logits_at names ${counted(wanted, 'token')}.`
          : `has ${counted(length, 'value')}; the model gives ${shownNumber(wanted)}, one for each token. Say with logits_at which tokens these are for.`,
      });
  });
  const beyond = ids?.findIndex((id) => id >= vocabulary) ?? -1;
  if (beyond >= 0)
    faults.push({ path: `${PLACE}/logits_at/${beyond}`, message: `is ${ids![beyond]}; the model has ${shownNumber(vocabulary)} tokens.` });
  problems.push(...faults);
  if (faults.length > 0) return null;
  const data = tensorData(given);
  const actual = rows.flatMap((_, row) => Array.from({ length: wanted }, (__, i) => Number(data[row * vocabulary + (ids?.[i] ?? i)])));
  const bound = tolerance ?? LOGIT_TOLERANCE[run.used?.compute_dtype === 'float16' ? 'float16' : 'float32'];
  const compared = agreementOf([{ name: 'logits', shape: [sequences, wanted], expected: rows.flat(), actual }], bound);
  if (!compared.passed && compared.worst) {
    const { expected, actual: gave, index } = compared.worst;
    const [row = 0, at = 0] = index;
    problems.push({
      path: `${pathOf(row)}/${at}`,
      message: `is ${expected}; the run gave ${gave === null ? 'no finite number' : rounded(gave)} for token ${ids?.[at] ?? at}${gave === null ? '' : `, ${rounded(compared.max_abs_error)} apart`}. ${bound} is tolerated.`,
    });
  }
  return compared;
}

const isOneList = (lists: readonly number[] | readonly (readonly number[])[]): lists is number[] => typeof lists[0] === 'number';
const counted = (count: number, noun: string): string => `${shownNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
const rounded = (value: number): number => Number(value.toPrecision(6));
