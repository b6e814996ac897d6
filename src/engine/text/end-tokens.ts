/** `add_bos_token` and `add_eos_token` of tokenizer_config.json, which some tokenizers' classes put in place of the post-processor. */
import { emptyEncoding, type Token } from './encoding.ts';
import type { JsonPart } from './json-part.ts';
import { around, type PostProcessor } from './post-processor.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** The classes of transformers that heed them, with what each takes where only the other is given. All others go by tokenizer.json alone. */
const DEFAULTS: Readonly<Record<string, { readonly bos: boolean; readonly eos: boolean }>> = {
  LlamaTokenizer: { bos: true, eos: false },
  CodeLlamaTokenizer: { bos: true, eos: false },
  GemmaTokenizer: { bos: true, eos: false },
  CohereTokenizer: { bos: true, eos: false },
  GPTNeoXTokenizer: { bos: false, eos: false },
};

/** What takes the place of the post-processor; null where nothing does. @throws TokenizerError when a token that is asked for is not named */
export function endTokens(
  config: JsonPart,
  { bos, eos }: { bos: Token | null; eos: Token | null },
  postProcessor: PostProcessor | null,
): PostProcessor | null {
  if (config.get('add_bos_token') === null && config.get('add_eos_token') === null) return null;
  const name = config.optionalText('tokenizer_class')?.replace(/Fast$/, '') ?? null;
  if (name !== null && !Object.hasOwn(DEFAULTS, name)) return null;
  const added = postProcessor?.process(emptyEncoding(), '', true).ids ?? [];
  const defaults =
    name === null ? { bos: bos !== null && added[0] === bos.id, eos: eos !== null && added.at(-1) === eos.id } : DEFAULTS[name]!;
  const asked = (flag: string, role: string, token: Token | null, fallback: boolean): Token[] => {
    if (!config.flag(flag, fallback)) return [];
    if (token) return [token];
    // By default there is none where there can be none.
    if (config.get(flag) === null) return [];
    throw new TokenizerError(config.at(flag), `is true, and there is no ${role}.`);
  };
  return around(asked('add_bos_token', 'bos_token', bos, defaults.bos), asked('add_eos_token', 'eos_token', eos, defaults.eos));
}
