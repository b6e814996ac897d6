/** Templates of public models over all kinds of chats: the prompt that `transformers` makes of them, or the reason why it makes none. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChatMessage, ChatTemplateOptions } from './chat.ts';
import { JinjaError } from './jinja/index.ts';
import { tinyFile } from './testing/tokenizers.ts';
import { Tokenizer, TokenizerError } from './tokenizer.ts';

interface Conversation {
  readonly messages: ChatMessage[];
  readonly tools?: Record<string, unknown>[];
  readonly documents?: Record<string, unknown>[];
  readonly add_generation_prompt?: boolean;
  readonly continue_final_message?: boolean | string;
  readonly chat_template_kwargs?: Record<string, unknown>;
}
interface Case {
  readonly template: string;
  readonly conversation: string;
  readonly text?: string;
  readonly error?: string;
  readonly message?: string;
}

const read = (file: string) => readFileSync(`fixtures/jinja/${file}`, 'utf8');
const { conversations, special_tokens, cases } = JSON.parse(read('chats.json')) as {
  conversations: Record<string, Conversation>;
  special_tokens: Record<string, string>;
  cases: Case[];
};
const templates = [...new Set(cases.map(({ template }) => template))];
const tokenizer = Tokenizer.fromFiles(tinyFile(), special_tokens);

const optionsOf = (conversation: Conversation): ChatTemplateOptions => {
  const { tools, documents, continue_final_message: continueFinalMessage = false, chat_template_kwargs: variables } = conversation;
  const addGenerationPrompt = conversation.add_generation_prompt ?? continueFinalMessage === false;
  return { tools, documents, variables, continueFinalMessage, addGenerationPrompt };
};

// What `strftime_now` read when the golden values were made.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date(2024, 1, 6, 15, 4, 5, 678) }));
afterAll(() => void vi.useRealTimers());

it('there are enough of both', () => {
  expect(templates.length).toBeGreaterThanOrEqual(15);
  expect(Object.keys(conversations).length).toBeGreaterThanOrEqual(12);
});

describe.each(templates)('%s', (name) => {
  const template = read(`templates/${name}`);

  it.for(cases.filter((each) => each.template === name))('$conversation', ({ conversation, text, error, message }) => {
    const { messages, ...rest } = conversations[conversation]!;
    const render = () => tokenizer.applyChatTemplate(messages, { ...optionsOf({ messages, ...rest }), template });
    if (text !== undefined) {
      expect(render()).toBe(text);
      return;
    }
    const refusal = refusalOf(render);
    // A message that can't be gone on with is told in our words, and a macro without end is stopped earlier; all else in Python's.
    if (error === 'ValueError') expect(refusal).toMatchObject({ part: 'continue_final_message' });
    else if (error === 'RecursionError') expect(refusal.cause).toMatchObject({ type: 'LimitExceeded' });
    else expect(refusal.cause).toMatchObject({ type: error, message });
  });
});

function refusalOf(work: () => unknown): TokenizerError {
  try {
    work();
  } catch (error) {
    if (error instanceof TokenizerError && (error.cause === undefined || error.cause instanceof JinjaError)) return error;
    throw error;
  }
  throw new Error('It was rendered.');
}
