/** Every field of config.json that changes results, against transformers: computed alike, or refused by its name. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, expectedTensors, parseConfig } from '../../engine/graph/index.ts';
import type { WeightTensor } from '../../engine/weights.ts';
import { createOrtRunner } from './index.ts';
import { maxDifference } from './testing/compare.ts';

interface Case {
  name: string;
  config: Record<string, unknown>;
  input_ids: number[];
  /** Absent where transformers refuses the config. */
  logits?: string;
}

const cases = JSON.parse(readFileSync('fixtures/configs/cases.json', 'utf8')) as Case[];
const REFUSED: Record<string, string> = {
  bidirectional: 'is_causal',
  yarn: 'rope_scaling.rope_type',
  dynamic: 'rope_scaling.type',
  longrope: 'rope_scaling.rope_type',
  'a factor without a type': 'rope_scaling.rope_type',
  'rope_parameters by layer type': 'rope_parameters.full_attention',
  'rope_parameters by layer type, where there are none': 'rope_parameters.full_attention',
  'a part of each head': 'partial_rotary_factor',
  quick_gelu: 'hidden_act',
  'chunked attention': 'layer_types',
  "a window for no layer's type": 'layer_types',
  'gemma, both ways': 'use_bidirectional_attention',
  'gemma3, caps that are read and left at that': 'attn_logit_softcapping',
  'gemma3, rotary parameters for all layers': 'rope_parameters.rope_type',
  'cross attention': 'add_cross_attention',
};

/** As the script draws them: FNV-1a of the name starts a linear congruential generator; norms' weights lie around 1. */
function weight(name: string, shape: readonly number[]): WeightTensor {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  const isNorm = (name.includes('norm') || name.includes('.ln_')) && name.endsWith('weight');
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const drawn = state / 2 ** 32 - 0.5;
    return isNorm ? 1 + drawn : drawn * 1.5;
  });
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

async function logitsOf(config: Record<string, unknown>, tokenIds: number[]): Promise<Float32Array> {
  const parsed = parseConfig(config);
  const tensors = new Map(expectedTensors(parsed).map(({ name, shape }) => [name, weight(name, shape)]));
  const runner = await createOrtRunner({ folder: { config, tensors }, provider: 'wasm', numBlocks: 8, blockSize: 4 });
  try {
    const { logits } = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'all' }]);
    return logits[0]!;
  } finally {
    await runner.dispose();
  }
}

describe('fields of config.json', () => {
  test.each(cases.filter(({ name, logits }) => !(name in REFUSED) && logits !== undefined).map((one) => [one.name, one] as const))(
    '%s',
    async (_, { config, input_ids, logits }) => {
      const expected = new Float32Array(Uint8Array.from(Buffer.from(logits!, 'base64')).buffer);
      expect(maxDifference(await logitsOf(config, input_ids), expected)).toBeLessThan(1e-4);
    },
  );

  test.each(Object.entries(REFUSED))('%s is refused: %s', (name, field) => {
    const { config } = cases.find((one) => one.name === name)!;
    expect(() => parseConfig(config)).toThrow(ConfigError);
    expect(() => parseConfig(config)).toThrow(expect.objectContaining({ field }));
  });
});
