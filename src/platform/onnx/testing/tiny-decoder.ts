/** Test support: ready-made decoders as other exporters write them, small enough to see through: the logits of a token are its row of a table. */
import { encodeModel, type OnnxNode } from '../../../engine/graph/onnx-model.ts';
import type { Dtype, Value } from '../../../engine/graph/value.ts';

export const VOCABULARY = 5;
const HEAD_DIM = 2;
export const TINY_CONFIG = { model_type: 'tiny', vocab_size: VOCABULARY, max_position_embeddings: 32 };

export interface TinyDecoder {
  ids?: Dtype;
  mask?: Dtype;
  positions?: Dtype | null;
  past?: Dtype;
  logits?: Dtype;
  /** Left out of the graph. */
  without?: string;
  inputs?: Value[];
  idsShape?: Value['shape'];
  /** What the graph declares of its logits; what it gives is [1, T, 5]. */
  logitsShape?: Value['shape'];
  /** The keys and values come without those of the past. */
  forgets?: boolean;
}

const value = (name: string, dtype: Dtype, shape: Value['shape']): Value => ({ name, dtype, shape });
const node = (opType: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
  opType,
  domain: '',
  name: output,
  inputs,
  outputs: [output],
  attributes,
});
const DATA_TYPE: Partial<Record<Dtype, number>> = { float32: 1, int32: 6, int64: 7, float16: 10 };

/** Row i of the table is i, i + 1, … */
export function tinyDecoder(change: TinyDecoder = {}): Uint8Array<ArrayBuffer> {
  const { ids = 'int64', mask = 'int64', positions = 'int64', past = 'float32', logits = 'float32', without, forgets = false } = change;
  const { idsShape = ['batch', 'sequence'], logitsShape = ['batch', 'sequence', VOCABULARY], inputs = [] } = change;
  const table = (name: string, width: number) => ({
    value: value(name, 'float32', [VOCABULARY, width]),
    data: {
      bytes: new Uint8Array(Float32Array.from({ length: VOCABULARY * width }, (_, i) => Math.floor(i / width) + (i % width)).buffer),
    },
  });
  const axes = { value: value('axes', 'int64', [1]), data: { bytes: new Uint8Array(BigInt64Array.of(1n).buffer) } };
  const all = { value: value('all', 'bool', [VOCABULARY]), data: { bytes: new Uint8Array(VOCABULARY).fill(1) } };
  const kv = (dtype: Dtype, name: string, length: string) => value(name, dtype, ['batch', 1, length, HEAD_DIM]);
  const kept = (input: Value) => input.name !== without;
  return encodeModel({
    name: 'tiny',
    initializers: [table('head', VOCABULARY), table('keys', HEAD_DIM), axes, all],
    inputs: [
      value('input_ids', ids, idsShape),
      value('attention_mask', mask, ['batch', 'total']),
      ...(positions ? [value('position_ids', positions, ['batch', 'sequence'])] : []),
      kv(past, 'past_key_values.0.key', 'past'),
      kv(past, 'past_key_values.0.value', 'past'),
      ...inputs,
    ].filter(kept),
    outputs: [value('logits', logits, logitsShape), kv(past, 'present.0.key', 'total'), kv(past, 'present.0.value', 'total')].filter(kept),
    nodes: [
      node('Cast', ['input_ids'], 'ids', { to: 7 }),
      node('Gather', ['head', 'ids'], 'rows'),
      // Its output's size follows from data, so that the declared one counts until the graph runs.
      node('Compress', ['rows', 'all'], 'kept rows', { axis: 2 }),
      node('Cast', ['kept rows'], 'logits', { to: DATA_TYPE[logits]! }),
      node('Gather', ['keys', 'ids'], 'k32'),
      node('Cast', ['k32'], 'k', { to: DATA_TYPE[past]! }),
      node('Unsqueeze', ['k', 'axes'], 'k4'),
      ...(['key', 'value'] as const).map((kind) =>
        node(
          ...(forgets
            ? (['Identity', ['k4']] as [string, string[]])
            : (['Concat', [`past_key_values.0.${kind}`, 'k4']] as [string, string[]])),
          `present.0.${kind}`,
          forgets ? {} : { axis: 2 },
        ),
      ),
    ].filter(({ inputs: needed }) => !without || !needed.includes(without)),
  });
}
