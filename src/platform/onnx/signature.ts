/** What a ready-made graph takes and gives, checked before anything is run: only what the runner can feed and read is served. */
import type { InferenceSession } from 'onnxruntime-web';
import type { ModelShape } from '../../engine/model-runner.ts';
import { WeightsError } from '../../ports/load-errors.ts';

export type IntegerType = 'int32' | 'int64';

export interface Signature {
  readonly shape: ModelShape;
  /** Inputs of integers that the graph takes, and of which kind. Older exports count positions themselves. */
  readonly integers: ReadonlyMap<string, IntegerType>;
}

type Metadata = InferenceSession.ValueMetadata;
type TensorMetadata = InferenceSession.TensorValueMetadata;
type Config = Readonly<Record<string, unknown>>;

const INTEGERS = ['input_ids', 'attention_mask', 'position_ids'] as const;
const LAYOUT = 'a decoder takes input_ids, attention_mask, perhaps position_ids, and past_key_values.N.key|value';

/** The K/V tensors that the runner feeds and reads, layer by layer keys, then values. */
export const kvNames = (prefix: 'past_key_values' | 'present', numLayers: number): string[] =>
  Array.from({ length: 2 * numLayers }, (_, part) => `${prefix}.${part >> 1}.${part % 2 === 0 ? 'key' : 'value'}`);

/** Sizes come from the graph; vocabulary and context from config.json. @throws WeightsError */
export function readSignature({ inputMetadata, outputMetadata }: InferenceSession, file: string, config: Config): Signature {
  const refuse = (why: string): never => {
    throw new WeightsError(file, why);
  };
  const inputs = byName(inputMetadata);
  const outputs = byName(outputMetadata);
  const numLayers = [...inputs.keys()].filter((name) => /^past_key_values\.\d+\.key$/.test(name)).length;
  const pasts = kvNames('past_key_values', numLayers);
  const missing = ['input_ids', 'attention_mask', ...pasts].filter((name) => !inputs.has(name));
  const strange = [...inputs.keys()].filter((name) => !pasts.includes(name) && !INTEGERS.some((known) => known === name));
  if (numLayers === 0 || missing.length > 0 || strange.length > 0)
    refuse(`is no decoder of the layout that is served: its inputs are ${some([...inputs.keys()])}, and ${LAYOUT}.`);

  const integers = new Map<string, IntegerType>();
  for (const name of INTEGERS) {
    const input = inputs.get(name);
    if (!input) continue;
    const { type } = tensor(input, refuse);
    if (type !== 'int64' && type !== 'int32') refuse(`takes ${name} as ${type}; int64 and int32 are served.`);
    integers.set(name, type as IntegerType);
    fits(input, [1, null], 'input', refuse);
  }

  const { shape } = tensor(inputs.get(pasts[0]!)!, refuse);
  const [, numKvHeads, , headDim] = shape;
  if (shape.length !== 4 || typeof numKvHeads !== 'number' || typeof headDim !== 'number')
    return refuse(
      `has a past_key_values.0.key of ${shown(shape)}; expected [batch, K/V heads, past, head dim] with both sizes as numbers.`,
    );
  const vocabSize = sizeOf(config, 'vocab_size');
  const maxPositionEmbeddings = sizeOf(config, 'max_position_embeddings', 'n_positions');
  const all = [
    ...pasts.map((name) => ['input', name, [1, numKvHeads, null, headDim]] as const),
    ...kvNames('present', numLayers).map((name) => ['output', name, [1, numKvHeads, null, headDim]] as const),
    ['output', 'logits', [1, null, vocabSize]] as const,
  ];
  for (const [side, name, expected] of all) {
    const value =
      (side === 'input' ? inputs : outputs).get(name) ?? refuse(`has no output ${name}; its outputs are ${some([...outputs.keys()])}.`);
    const { type } = tensor(value, refuse);
    if (type !== 'float32') refuse(`has ${name} in ${type}; only float32 is served. Take another of the folder's graphs.`);
    fits(value, expected, side, refuse);
  }
  return { shape: { vocabSize, maxPositionEmbeddings, numLayers, numKvHeads, headDim }, integers };
}

const byName = (metadata: readonly Metadata[]) => new Map(metadata.map((value) => [value.name, value]));
const shown = (shape: readonly (number | string)[]) => `[${shape.join(', ')}]`;
const some = (names: readonly string[]) => `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;

function tensor(value: Metadata, refuse: (why: string) => never): TensorMetadata {
  return value.isTensor ? value : refuse(`has ${value.name}, which is no tensor.`);
}

/** Sizes that the graph fixes must be those that the runner uses; null is any, and must be left open. */
function fits(value: Metadata, expected: readonly (number | null)[], side: string, refuse: (why: string) => never): void {
  const { shape } = tensor(value, refuse);
  // Some exporters say nothing of an output's shape: the trial run tells.
  if (shape.length === 0 && side === 'output') return;
  const isWrong = shape.length !== expected.length || shape.some((size, i) => typeof size === 'number' && size !== expected[i]);
  if (isWrong) refuse(`has the ${side} ${value.name} of ${shown(shape)}; expected [${expected.map((size) => size ?? 'any').join(', ')}].`);
}

function sizeOf(config: Config, ...names: readonly [string, ...string[]]): number {
  const size = names.map((name) => config[name]).find((value) => value !== undefined && value !== null);
  if (Number.isSafeInteger(size) && (size as number) > 0) return size as number;
  throw new WeightsError(
    'config.json',
    `${names.join(' or ')} must be a whole number of at least 1, and is ${JSON.stringify(size) ?? 'missing'}.`,
  );
}
