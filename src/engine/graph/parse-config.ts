/** Reads a `config.json`: finds the architecture and lets it parse its fields. */
import { ARCHITECTURES } from './architectures.ts';
import { ConfigFields } from './config-fields.ts';
import type { ModelConfig } from './config.ts';
import { ConfigError } from './errors.ts';

/**
 * Reads the contents of a Hugging Face `config.json`; absent fields take transformers' defaults.
 * @throws ConfigError names the field, its value and what is supported
 */
export function parseConfig(raw: Readonly<Record<string, unknown>>): ModelConfig {
  const fields = new ConfigFields(raw);
  const modelType = raw['model_type'];
  const architecture = ARCHITECTURES.find(({ modelTypes }) => modelTypes.includes(modelType as string));
  if (!architecture) throw new ConfigError('model_type', modelType, ARCHITECTURES.flatMap(({ modelTypes }) => modelTypes).join(', '));
  fields.only('quantization_config', null);
  const config = architecture.parse(fields, modelType as string);
  if (config.numHeads % config.numKvHeads !== 0)
    fields.fail('num_key_value_heads', `a divisor of num_attention_heads (${config.numHeads})`);
  return config;
}
