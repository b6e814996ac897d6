/** Chat templates: the Jinja text, from tokenizer_config.json or the caller, that writes messages as the prompt a model was trained on. */
import { JinjaError, JinjaTemplate } from './jinja/index.ts';
import type { JsonPart } from './json-part.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** A template that has been parsed. */
export class ChatTemplate {
  readonly #template: JinjaTemplate;

  /** @throws TokenizerError with what the parser says, and the line */
  constructor(readonly source: string) {
    this.#template = inTemplate('cannot be parsed', () => new JinjaTemplate(source));
  }

  /** @throws TokenizerError with the template's own complaint (`raise_exception`), or what failed, and the line */
  render(variables: Record<string, unknown>): string {
    return inTemplate('cannot be rendered', () => this.#template.render(variables));
  }
}

function inTemplate<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof JinjaError)
      throw new TokenizerError('chat_template', `${what}: ${error.message}${placeOf(error)}`, { cause: error });
    throw error;
  }
}

/** What the template says itself stands alone. */
function placeOf({ type, line }: JinjaError): string {
  if (line === null || type === 'TemplateError') return '';
  return type === 'NotSupported' ? ` at line ${line}` : ` (line ${line})`;
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
