/** A chat: its messages and what else a chat template takes. Both endpoints that render one share these fields. */
import { z } from 'zod';
import { shownNumber } from './invalid-input.ts';
import { inGivenOrder } from './key-order.ts';
import { MAX_TEXT_LENGTH, text } from './text.ts';

/** Messages in one call. */
export const MAX_MESSAGES = 1024;

/** Only the role is needed: what else stands in a message reaches the template as it is. */
export const chatMessage = inGivenOrder(
  z.looseObject({
    role: z.string().min(1).meta({ description: '`system`, `developer`, `user`, `assistant`, `tool`, or what else the template knows.' }),
    content: z
      .union([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown()), z.number(), z.boolean(), z.null()])
      .optional()
      .meta({ description: 'Text, or a list of parts such as `{"type": "text", "text": "…"}`; null is as if it were left out.' }),
    name: z.unknown().optional(),
    tool_calls: z.unknown().optional().meta({ description: 'What the assistant called, mostly a list.' }),
    tool_call_id: z.unknown().optional().meta({ description: 'Of the call that a message of role `tool` answers.' }),
    reasoning_content: z.unknown().optional().meta({
      description: 'What the assistant thought. `reasoning` and `thinking` are other names of it: a template finds it under each.',
    }),
  }),
).meta({
  id: 'ChatMessage',
  description: 'Fields that are null are left out; all others reach the template, also those not named here. `__proto__` is refused.',
});

export const chatMessages = z
  .array(chatMessage)
  .min(1)
  .max(MAX_MESSAGES)
  .check(({ value, issues }) => {
    const length = textLength(value);
    if (length > MAX_TEXT_LENGTH)
      issues.push({
        code: 'custom',
        input: value,
        message: `must have at most ${shownNumber(MAX_TEXT_LENGTH)} characters together; they have ${shownNumber(length)}`,
      });
  });

/** Of all texts in a value. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + textLength(inner), 0);
}

const objects = z.array(z.record(z.string(), z.unknown()));

/** What may stand beside `messages`. Each name is also that of a variable in the template, except the last three. */
export const chatTemplateFields = {
  tools: objects
    .optional()
    .meta({ description: 'Functions that the model may call, as JSON Schema. The template sees none where left out.' }),
  documents: objects.optional().meta({ description: 'Texts to answer from, mostly with `title` and `text`. None where left out.' }),
  add_generation_prompt: z.boolean().optional().meta({
    description: "End with the beginning of the assistant's answer. Default: true, and false with `continue_final_message`.",
  }),
  continue_final_message: z
    .union([z.boolean(), z.string().min(1)])
    .default(false)
    .meta({
      description:
        'End within the last message, which the model goes on with. A name, such as `reasoning_content`, goes on with that field of it.',
    }),
  chat_template: text.optional().meta({
    description:
      "A Jinja template to use instead of the tokenizer's, or the name of one of the tokenizer's own. Of several named ones `tool_use` is taken where tools are given, else `default`.",
  }),
  chat_template_kwargs: z.record(z.string(), z.unknown()).default({}).meta({
    description: "More variables of the template, such as `enable_thinking`. They go before the tokenizer's special tokens.",
  }),
};

/** Names that `chat_template_kwargs` may not give: arguments of `apply_chat_template` itself, which in Python would not reach the template. */
export const TEMPLATE_ARGUMENTS: readonly string[] = [
  ...Object.keys(chatTemplateFields),
  ...['messages', 'self', 'conversation', 'conversations', 'tokenize', 'padding', 'truncation', 'max_length'],
  ...['return_tensors', 'return_dict', 'return_assistant_tokens_mask', 'sanitize_control_tokens', 'tokenizer_kwargs'],
];
