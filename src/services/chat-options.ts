/** The fields of a request beside its messages, as options of the chat template; what contradicts itself is refused by name. */
import { chatTemplateFields, TEMPLATE_ARGUMENTS } from '../contract/chat.ts';
import { type ApiError, invalidInput, type ParsedInput } from '../contract/index.ts';
import { MAX_TEXT_LENGTH } from '../contract/text.ts';
import type { ChatMessage, ChatTemplateOptions, Tokenizer } from '../engine/text/tokenizer.ts';

type Fields = Pick<ParsedInput<'tokenizer', 'chatTemplate'>, keyof typeof chatTemplateFields>;

/** @throws ApiError validation_failed */
function chatOptions(fields: Fields): ChatTemplateOptions {
  const { continue_final_message: continueFinalMessage, chat_template_kwargs: variables } = fields;
  if (fields.add_generation_prompt && continueFinalMessage !== false) {
    throw invalid(
      'add_generation_prompt',
      'begins a new answer, and continue_final_message goes on with the last message: give one of them.',
    );
  }
  const reserved = Object.keys(variables).find((name) => TEMPLATE_ARGUMENTS.includes(name));
  if (reserved !== undefined) {
    const isField = reserved === 'messages' || reserved in chatTemplateFields;
    const message = isField ? `is a field of the request: give it as ${reserved}.` : 'is a name that chat templates keep for themselves.';
    throw invalid(`chat_template_kwargs/${reserved}`, message);
  }
  return {
    addGenerationPrompt: fields.add_generation_prompt ?? continueFinalMessage === false,
    continueFinalMessage,
    template: fields.chat_template,
    tools: fields.tools,
    documents: fields.documents,
    variables,
  };
}

/** The prompt that the template makes. @throws ApiError validation_failed for one that is too long to be tokenized, TokenizerError */
export function renderChat(tokenizer: Tokenizer, messages: readonly ChatMessage[], fields: Fields): string {
  const prompt = tokenizer.applyChatTemplate(messages, chatOptions(fields));
  if (prompt.length <= MAX_TEXT_LENGTH) return prompt;
  throw invalid('messages', `must make a prompt of at most ${MAX_TEXT_LENGTH} characters; it has ${prompt.length}.`);
}

/** Names of those that say something. */
export function chatFieldsGiven(fields: Fields): string[] {
  const says = (value: unknown) => value !== undefined && value !== false && (typeof value !== 'object' || Object.keys(value!).length > 0);
  return (Object.keys(chatTemplateFields) as (keyof Fields)[]).filter((name) => says(fields[name]));
}

function invalid(path: string, message: string): ApiError {
  return invalidInput([{ path: `/${path}`, message }]);
}
