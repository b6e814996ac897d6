/** Which tokens end a sequence, by the model's own files. */
import { ApiError } from '../../contract/index.ts';
import type { ModelFolder } from '../../engine/weights.ts';

/**
 * Those of generation_config.json, else of config.json.
 * @throws ApiError weights_invalid for what is no id: without an end, every text would run on
 */
export function eosTokenIds({ generationConfig, config }: Pick<ModelFolder, 'generationConfig' | 'config'>): number[] {
  const own: unknown = generationConfig?.['eos_token_id'];
  const given = own ?? config['eos_token_id'] ?? [];
  const ids: unknown[] = Array.isArray(given) ? given : [given];
  const bad = ids.find((id) => !Number.isSafeInteger(id) || (id as number) < 0);
  if (bad === undefined) return ids as number[];
  const file = own === undefined || own === null ? 'config.json' : 'generation_config.json';
  const message = `eos_token_id holds ${JSON.stringify(bad)}; expected a token's id, or a list of them.`;
  throw new ApiError('weights_invalid', `${file}: ${message} Nothing was replaced.`, [{ path: `${file}: eos_token_id`, message }]);
}
