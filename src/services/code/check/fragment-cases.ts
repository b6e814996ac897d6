/** What a fragment of the model must do: build its part of the graph, for the active model, wherever keys and values lie, the same each time. */
import {
  buildModelGraph,
  expectedTensors,
  hookPoints,
  type ModelConfig,
  type ModelFragments,
  type ModelGraphOptions,
  parseConfig,
  weightPlaceholders,
} from '../../../engine/graph/index.ts';
import { builtinFragments } from '../../../patchable/model/index.ts';
import { asFunction, type Case, CaseFailure } from './case.ts';
import type { CheckedModel } from './protocol.ts';

/** Stands in while no model is loaded. */
const SMALL: CheckedModel = {
  config: {
    model_type: 'llama',
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 10,
  },
  provider: 'wasm',
  computeDtype: 'float32',
};

/** Tokens per block in the check of the paged form; any number is as good. */
const BLOCK_SIZE = 16;
const PAGED = { kind: 'paged', blockSize: BLOCK_SIZE } as const;
const CONTIGUOUS = { kind: 'contiguous' } as const;

export function fragmentCases(name: keyof ModelFragments): Case[] {
  const build = (exported: unknown, model: CheckedModel | null, options: Partial<ModelGraphOptions> = {}) => {
    const { config, provider, computeDtype } = model ?? SMALL;
    const parsed = parseConfig(config);
    const fragment = asFunction<never>(exported, 'a function that builds a part of the graph');
    const graph = buildModelGraph(parsed, weightPlaceholders(expectedTensors(parsed)), {
      fragments: { ...builtinFragments(provider), [name]: fragment },
      kv: provider === 'wasm' ? CONTIGUOUS : PAGED,
      dtype: computeDtype,
      ...options,
    });
    return { graph, parsed };
  };
  return [
    {
      name: 'builds for the model',
      description: 'Every layer of the loaded model, with its shapes and dtype; no weights are needed for that.',
      run(exported, model, warn) {
        const { graph, parsed } = build(exported, model);
        if (name === 'attention') warnWithoutMap(() => build(exported, model, { captures: [lastMap(parsed)] }), warn);
        return { nodes: graph.numNodes };
      },
    },
    {
      name: 'builds with the cache in pages',
      description: 'Keys and values in blocks of a pool, as on WebGPU.',
      run: (exported, model) => ({ nodes: build(exported, model, { kv: PAGED }).graph.numNodes }),
    },
    {
      name: 'builds the same graph again',
      description: 'A fragment depends on its inputs alone.',
      run(exported, model) {
        const [first, second] = [build(exported, model).graph.bytes, build(exported, model).graph.bytes];
        if (first.length !== second.length || first.some((byte, i) => byte !== second[i]))
          throw new CaseFailure(
            'Two builds gave two different graphs: a fragment may depend on its inputs alone.',
            first.length,
            second.length,
          );
        return { bytes: first.length };
      },
    },
  ];
}

const lastMap = (config: ModelConfig): string => hookPoints(config).findLast((point) => point.name.startsWith('attentions.'))!.name;

function warnWithoutMap(build: () => void, warn: (message: string, stack?: string) => void): void {
  try {
    build();
  } catch (error) {
    const { message, stack } = error as Error;
    warn(`Captures of attention maps will fail: ${message}`, stack);
  }
}
