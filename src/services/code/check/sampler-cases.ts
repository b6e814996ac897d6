/** What a sampler must do: give a token id for any logits and parameters, the same for the same random numbers, and leave the logits alone. */
import { randomAt, type SamplingContext, type SamplingFunction, type SamplingParams } from '../../../engine/index.ts';
import { DEFAULT_SAMPLING } from '../../../engine/sequence.ts';
import { valueText } from '../../../environment/thrown.ts';
import { asFunction, type Case, CaseFailure } from './case.ts';

const VOCABULARY = 512;
const POSITIONS = 16;

const scenario = (
  name: string,
  description: string,
  params: Partial<SamplingParams>,
  change: (logits: Float32Array) => void = () => {},
): Case => ({
  name,
  description,
  run(exported) {
    const sample = asFunction<SamplingFunction>(exported, 'a function (logits, context) => token id');
    return { tokens: Array.from({ length: POSITIONS }, (_, position) => sampled(sample, logitsAt(position, change), params, position)) };
  },
});

export const SAMPLER_CASES: Case[] = [
  scenario('greedy', 'Temperature 0.', { temperature: 0 }),
  scenario('temperature', 'Temperature 1, nothing cut off.', { temperature: 1 }),
  scenario('filters', 'Top-k, top-p and min-p together.', { temperature: 0.8, topK: 20, topP: 0.9, minP: 0.02 }),
  scenario('repetition penalty', 'Tokens of the context count less.', { temperature: 0.7, repetitionPenalty: 1.3 }),
  scenario('one token left', 'All logits but one are -Infinity.', { temperature: 1 }, (logits) => {
    const kept = logits[7]!;
    logits.fill(-Infinity);
    logits[7] = kept;
  }),
];

function sampled(sample: SamplingFunction, logits: Float32Array, params: Partial<SamplingParams>, position: number): number {
  const before = logits.slice();
  const draw = (): number => {
    const context: SamplingContext = {
      params: { ...DEFAULT_SAMPLING, ...params },
      tokenIds: [1, 7, 7, position],
      random: randomAt(1, 0, position),
    };
    return sample(logits, context);
  };
  const token = draw();
  if (!Number.isInteger(token) || token < 0 || token >= VOCABULARY)
    throw new CaseFailure(
      `The sampler gave ${valueText(token)}; a token id is a whole number in 0 … ${VOCABULARY - 1}.`,
      `0 … ${VOCABULARY - 1}`,
      valueText(token),
    );
  if (logits.some((value, i) => !Object.is(value, before[i])))
    throw new CaseFailure('The sampler changed the logits, which others read after it.', 'unchanged', 'changed');
  const again = draw();
  if (again !== token)
    throw new CaseFailure('The same logits and random numbers gave two different tokens; draw from `context.random` alone.', token, again);
  return token;
}

/** A few high logits over a wide floor, as models give them. */
function logitsAt(position: number, change: (logits: Float32Array) => void): Float32Array {
  const random = randomAt(42, 0, position);
  const logits = Float32Array.from({ length: VOCABULARY }, () => 12 * random() ** 6 - 4 * random());
  change(logits);
  return logits;
}
