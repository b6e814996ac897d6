/** A folder that does not fit its config must be refused with every reason; one that does may hold more. */
import { describe, expect, test } from 'vitest';
import type { WeightTensor } from '../weights.ts';
import { parseConfig } from './parse-config.ts';
import { WeightsError } from './errors.ts';
import { expectedTensors, verifyWeights } from './verify-weights.ts';

const config = parseConfig({
  model_type: 'llama',
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  vocab_size: 10,
  tie_word_embeddings: true,
});

function tensor(shape: readonly number[], dtype: WeightTensor['dtype'] = 'F32'): WeightTensor {
  return { dtype, shape, bytes: new Uint8Array(shape.reduce((a, b) => a * b, dtype === 'F32' ? 4 : 2)) };
}
const complete = (): Map<string, WeightTensor> => new Map(expectedTensors(config).map(({ name, shape }) => [name, tensor(shape)]));

test('a complete folder', () => {
  const { ignored, parameters, tensors } = verifyWeights(config, complete());
  expect(ignored).toEqual([]);
  expect(parameters).toBe(10 * 8 + 2 * (4 * 64 + 3 * 96 + 16) + 8);
  expect(tensors.filter(({ layer }) => layer === 1)).toHaveLength(9);
});

test('tensors that nobody uses are listed', () => {
  const tensors = complete()
    .set('lm_head.weight', tensor([10, 8]))
    .set('model.layers.0.self_attn.rotary_emb.inv_freq', tensor([2]));
  expect(verifyWeights(config, tensors).ignored).toEqual(['lm_head.weight', 'model.layers.0.self_attn.rotary_emb.inv_freq']);
});

test('names without the prefix', () => {
  const tensors = new Map(Array.from(complete(), ([name, value]) => [name.replace('model.', ''), value]));
  expect(verifyWeights(config, tensors).ignored).toEqual([]);
});

describe('problems', () => {
  const problems = (change: (tensors: Map<string, WeightTensor>) => void, of = config) => {
    const tensors = complete();
    change(tensors);
    try {
      verifyWeights(of, tensors);
    } catch (error) {
      return (error as WeightsError).problems;
    }
    throw new Error('accepted');
  };

  test('missing', () => {
    const found = problems((tensors) => tensors.delete('model.norm.weight'));
    expect(found).toEqual([{ kind: 'missing', tensor: 'model.norm.weight', expected: '[8]', got: 'nothing' }]);
  });
  test('an untied output projection is needed', () =>
    expect(problems(() => {}, { ...config, tieWordEmbeddings: false })[0]).toMatchObject({ kind: 'missing', tensor: 'lm_head.weight' }));
  test('shape', () => {
    const found = problems((tensors) => tensors.set('model.embed_tokens.weight', tensor([8, 10])));
    expect(found).toEqual([{ kind: 'shape', tensor: 'model.embed_tokens.weight', expected: '[10, 8]', got: '[8, 10]' }]);
  });
  test('dtype', () =>
    expect(problems((tensors) => tensors.set('model.norm.weight', tensor([8], 'I8' as never)))[0]).toMatchObject({
      kind: 'dtype',
      got: 'I8',
    }));
  test('too few bytes', () =>
    expect(
      problems((tensors) => tensors.set('model.norm.weight', { dtype: 'F32', shape: [8], bytes: new Uint8Array(31) }))[0],
    ).toMatchObject({ kind: 'size', expected: '32 bytes', got: '31' }));
  test('all of them', () => {
    expect(problems((tensors) => tensors.clear())).toHaveLength(expectedTensors(config).length);
    expect(() => verifyWeights(config, new Map())).toThrow(/and 15 more\.$/);
  });
});
