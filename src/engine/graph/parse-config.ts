/** Reads a `config.json`: finds the architecture and lets it parse its fields. */
import type { Architecture } from './architecture.ts';
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
  refuseVariants(fields, architecture);
  const config = architecture.parse(fields, modelType as string);
  if (config.numHeads % config.numKvHeads !== 0)
    fields.fail('num_key_value_heads', `a divisor of num_attention_heads (${config.numHeads})`);
  return config;
}

/** What changes the results of any architecture, and is not computed here. */
function refuseVariants(fields: ConfigFields, { name, causalClasses }: Architecture): void {
  fields.only('quantization_config', null);
  fields.only('compression_config', null);
  fields.only('per_layer_config', null);
  fields.only('is_causal', true);
  fields.only('is_encoder_decoder', false);
  // Code that comes with the model is never run; where it names a class of its own, ours would compute something else.
  const custom = fields.object('auto_map');
  const path = custom?.has('AutoModelForCausalLM') ? custom.string('AutoModelForCausalLM') : null;
  if (path !== null && !causalClasses.includes(path.split('.').at(-1)!))
    custom!.fail(
      'AutoModelForCausalLM',
      `${causalClasses.join(', ')}: the code of ${name} as transformers has it, and none that comes with a model`,
    );
}
