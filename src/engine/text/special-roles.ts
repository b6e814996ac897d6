/** The jobs that tokenizer_config.json gives to tokens. */
import { type JsonPart, kindOf } from './json-part.ts';
import { TokenizerError } from './tokenizer-error.ts';

const SPECIAL_ROLES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const;
export type SpecialRole = (typeof SPECIAL_ROLES)[number];

/** A token is given as text, or as an object with its `content`. The one to pad with may stand in tokenizer.json instead. */
export function readRoles(config: JsonPart, file: JsonPart): Map<SpecialRole, string> {
  const roles = new Map<SpecialRole, string>();
  for (const role of SPECIAL_ROLES) {
    const value = config.get(role);
    if (value === null || value === false) continue;
    const content = typeof value === 'object' ? config.part(role)!.text('content') : value;
    if (typeof content !== 'string') throw new TokenizerError(config.at(role), `must be a token, and is ${kindOf(value)}.`);
    roles.set(role, content);
  }
  const pad = roles.has('pad_token') ? null : (file.part('padding')?.optionalText('pad_token') ?? null);
  if (pad !== null) roles.set('pad_token', pad);
  return roles;
}
