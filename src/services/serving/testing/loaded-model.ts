/** Test support: a runner as a model that is loaded, with a tokenizer of one token for each letter. */
import type { ModelRunner } from '../../../engine/index.ts';
import { Tokenizer } from '../../../engine/text/tokenizer.ts';
import { characterTokenizer } from '../../code/testing/character-tokenizer.ts';
import type { LoadedModel } from '../active-model.ts';

export const loadedModel = (runner: ModelRunner, id = 'test'): LoadedModel => ({
  ...{ runner, provider: 'wasm', computeDtype: 'float32', loadedAt: '2026-01-01T00:00:00.000Z', loadMs: 0 },
  tokenizer: Tokenizer.fromFiles(characterTokenizer('abc'), {}),
  folder: {
    ...{ id, source: 'test', config: {}, generationConfig: null, tokenizerJson: null, tokenizerConfig: null },
    ...{ tensors: new Map(), hash: id, bytes: 0, fromCache: false },
  },
});
