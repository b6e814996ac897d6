/** Which tokens end a sequence, by the model's own files. */
import type { ModelFolder } from '../../engine/weights.ts';

/** Those of generation_config.json, else of config.json. */
export function eosTokenIds({ generationConfig, config }: Pick<ModelFolder, 'generationConfig' | 'config'>): number[] {
  const ids = generationConfig?.['eos_token_id'] ?? config['eos_token_id'];
  return (Array.isArray(ids) ? ids : [ids]).filter((id): id is number => typeof id === 'number');
}
