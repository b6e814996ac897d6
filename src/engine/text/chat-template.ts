/** Chat templates: the Jinja text, from tokenizer_config.json or the caller, that writes messages as the prompt a model was trained on. */
import { Template } from '@huggingface/jinja';
import type { JsonPart } from './json-part.ts';
import { TokenizerError } from './tokenizer-error.ts';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
  readonly [field: string]: unknown;
}

export interface ChatTemplateOptions {
  /** End with the beginning of the assistant's answer. */
  readonly addGenerationPrompt?: boolean;
  /** Instead of the tokenizer's own. */
  readonly template?: string | undefined;
  /** Functions that the model may call, as JSON Schema. */
  readonly tools?: readonly unknown[] | undefined;
  /** More variables of the template, such as `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

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

/** The field `chat_template`: the text, or a list of named templates of which `default` counts. */
export function readChatTemplate(config: JsonPart): string | null {
  const value = config.get('chat_template');
  if (!Array.isArray(value)) return config.optionalText('chat_template');
  const named = config.parts('chat_template');
  const chosen = named.find((part) => part.text('name') === 'default') ?? named[0];
  return chosen?.text('template') ?? null;
}
