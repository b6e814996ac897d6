/** A chat as a chat template sees it, prepared as `transformers` does in `apply_chat_template`; in its words where it refuses. */
import { Budget } from './jinja/limits.ts';
import { Needle } from './jinja/needle.ts';
import { stripEnd, stripStart } from './jinja/space.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** A message: `role`, mostly `content`, and whatever else the template reads. */
export type ChatMessage = Readonly<Record<string, unknown>>;
type Objects = readonly Readonly<Record<string, unknown>>[];

export interface ChatTemplateOptions {
  /** End with the beginning of the assistant's answer. */
  readonly addGenerationPrompt?: boolean;
  /** End within the last message, in its `content` or in the field named. */
  readonly continueFinalMessage?: boolean | string;
  /** Jinja text instead of the tokenizer's own, or the name of one of these. */
  readonly template?: string | undefined;
  /** Functions that the model may call, as JSON Schema. */
  readonly tools?: Objects | undefined;
  /** Texts to answer from. */
  readonly documents?: Objects | undefined;
  /** More variables of the template, such as `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Names for what the assistant thought; a template reads one of them. */
const REASONING = ['reasoning_content', 'thinking', 'reasoning'];
/** Where the last message ends. Nothing that a template does to it may bring it into the prompt by itself. */
const END_TAG = 'CONTINUE_FINAL_MESSAGE_TAG ';

const isNothing = (value: unknown) => value === null || value === undefined;

/** Without the fields that are null, and with the reasoning under each of its names. */
export function prepareMessage(message: ChatMessage): Record<string, unknown> {
  const known = Object.fromEntries(Object.entries(message).filter(([, value]) => !isNothing(value)));
  const name = REASONING.find((each) => Object.hasOwn(known, each));
  if (name === undefined) return known;
  const reasoning = known[name];
  return { thinking: reasoning, ...known, reasoning_content: reasoning };
}

/** The prompt up to the end of the last message, in the field that is gone on with. */
export function renderContinued(
  messages: readonly Record<string, unknown>[],
  choice: true | string,
  template: string,
  render: (messages: readonly Record<string, unknown>[]) => string,
): string {
  const field = choice === true ? 'content' : choice;
  const last = messages.at(-1);
  const value = last && Object.hasOwn(last, field) ? last[field] : null;
  if (!last || isNothing(value)) throw refused(`needs "${field}" in the final message, which has none.`);
  const fields = REASONING.includes(field) ? REASONING.filter((name) => Object.hasOwn(last, name) && last[name] === value) : [field];
  if (!fields.some((name) => template.includes(name))) throw refused(`needs a chat template that reads "${field}"; this one does not.`);
  const { text, tagged } = tagEnd(value, field);
  const prompt = render([...messages.slice(0, -1), { ...last, ...Object.fromEntries(fields.map((name) => [name, tagged])) }]);
  const at = prompt.lastIndexOf(stripEnd(END_TAG));
  if (at < 0 || !new Needle(stripEnd(stripStart(text)), new Budget()).isIn(prompt)) {
    throw refused('needs the final message in the prompt as it is; the chat template changes or drops it.');
  }
  const continued = prompt.slice(0, at);
  // Where the template took the space after the tag, it takes that at the end of the message too.
  return prompt.startsWith(END_TAG, at) ? continued : stripEnd(continued);
}

/** The text that is gone on with, and the whole value with the tag after that text: of parts, the last that has one. */
function tagEnd(value: unknown, field: string): { text: string; tagged: unknown } {
  if (typeof value === 'string') return { text: value, tagged: value + END_TAG };
  if (!Array.isArray(value)) throw refused(`needs text in "${field}" of the final message; it is neither text nor a list of parts.`);
  const isText = (part: unknown): part is { text: string } =>
    typeof part === 'object' && part !== null && Object.hasOwn(part, 'text') && typeof (part as { text: unknown }).text === 'string';
  const index = value.findLastIndex(isText);
  if (index < 0) throw refused('needs text in the final message, which has none.');
  const part = value[index] as { text: string };
  return { text: part.text, tagged: value.with(index, { ...part, text: part.text + END_TAG }) };
}

/** The field and the reason make a sentence. */
const refused = (reason: string) => new TokenizerError('continue_final_message', reason);
