/** Chat templates: the Jinja text, from tokenizer_config.json or the caller, that writes messages as the prompt a model was trained on. */
import { Template } from '@huggingface/jinja';
import type { JsonPart } from './json-part.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** Numbers that `range` gives at most, as in Jinja's own sandbox: a template comes from anywhere, and must not take all memory. */
const MAX_RANGE = 100_000;

/** Jinja's `range`, with a bound. */
function range(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0) throw new Error('range() step must not be zero');
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (length > MAX_RANGE) throw new Error(`range() gives ${length} numbers; at most ${MAX_RANGE} are made`);
  return Array.from({ length }, (_, i) => from + i * step);
}

/** The library declares its own `range` in every rendering; a template assigns over it. */
const useBoundedRange = new Template('{% set range = bounded_range %}').parsed.body;

/** A template that has been parsed, with blocks trimmed as `transformers` does. */
export class ChatTemplate {
  readonly #template: Template;

  /** @throws TokenizerError with what the parser says */
  constructor(readonly source: string) {
    this.#template = inTemplate('cannot be parsed', () => new Template(source));
    this.#template.parsed.body.unshift(...useBoundedRange);
  }

  /** @throws TokenizerError with the template's own complaint (`raise_exception`), or what failed */
  render(variables: Record<string, unknown>): string {
    return inTemplate('cannot be rendered', () => this.#template.render({ bounded_range: range, ...variables }));
  }
}

function inTemplate<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new TokenizerError('chat_template', `${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The chat templates of a tokenizer: one, or several by name. */
export type ChatTemplates = string | ReadonlyMap<string, string> | null;

/** The field `chat_template`: the text, or a list of named ones. */
export function readChatTemplates(config: JsonPart): ChatTemplates {
  if (!Array.isArray(config.get('chat_template'))) return config.optionalText('chat_template');
  return new Map(config.parts('chat_template').map((part) => [part.text('name'), part.text('template')]));
}

/**
 * As `transformers` chooses: what was asked for, by name or as text; `tool_use` where there are tools; `default`.
 * @throws TokenizerError `chat_template` where there is none
 */
export function chooseTemplate(templates: ChatTemplates, asked: string | undefined, hasTools: boolean): string {
  if (templates === null || typeof templates === 'string') {
    const template = asked ?? templates;
    if (template === null) throw new TokenizerError('chat_template', 'the tokenizer has none; give one with the messages.');
    return template;
  }
  if (asked !== undefined) return templates.get(asked) ?? asked;
  const template = (hasTools ? templates.get('tool_use') : undefined) ?? templates.get('default');
  if (template !== undefined) return template;
  const names = [...templates.keys()].sort().join(', ');
  throw new TokenizerError('chat_template', `the tokenizer has several and no "default"; give the name of one: ${names}.`);
}
