/** Asks the tokenizer what the model will see of a prompt: the ids that `generate` makes of it, and the text that each covers. */
import type { Client } from '../../client/client.ts';
import type { Output } from '../../contract/index.ts';
import type { ChatMessage } from './settings.ts';
import { promptTokens, type SequenceToken, SpanList, type TokenizedText } from './token-span.ts';

export type Prompt = { text: string } | { messages: ChatMessage[] };

export interface PromptSequence {
  /** Rendered by the chat template where there are messages. */
  text: string;
  tokens: SequenceToken[];
  spans: SpanList;
}

export async function readPrompt(client: Pick<Client, 'post'>, source: Prompt, signal?: AbortSignal): Promise<PromptSequence> {
  const options = signal ? { signal } : {};
  const template = 'messages' in source ? await client.post('tokenizer', 'chat_template', { messages: source.messages }, options) : null;
  const text = 'text' in source ? source.text : (template?.prompt ?? '');
  const tokenization = await client.post('tokenizer', 'tokenize', { text, add_special_tokens: template === null }, options);
  const one = template ? flat(tokenization) : withoutSecondBos(flat(tokenization));
  const tokens = promptTokens(text, one);
  // The template's ids are the truth; offsets are only for display.
  if (template && template.input_ids.join() !== one.input_ids.join()) {
    const { text: pieces } = await client.post('tokenizer', 'detokenize', { input_ids: template.input_ids.map((id) => [id]) }, options);
    const aligned = template.input_ids.map((id, index): SequenceToken => {
      const piece = Array.isArray(pieces) ? (pieces[index] ?? '') : '';
      return { id, text: piece, piece, logprob: null, top: [], chosen: false };
    });
    return { text, tokens: aligned, spans: new SpanList(aligned) };
  }
  return { text, tokens, spans: new SpanList(tokens) };
}

/** `generate` adds no BOS to a text that begins with one. What is added covers no text. */
function withoutSecondBos(one: TokenizedText): TokenizedText {
  const { input_ids, tokens, offsets } = one;
  const isDoubled = input_ids[0] !== undefined && input_ids[0] === input_ids[1] && offsets?.[0]?.[1] === 0 && offsets[1]![1] > 0;
  return isDoubled ? { input_ids: input_ids.slice(1), tokens: tokens.slice(1), offsets: offsets.slice(1) } : one;
}

/** The result for one text, out of a schema that also knows many. */
function flat({ input_ids, tokens, offsets }: Output<'tokenizer', 'tokenize'>): TokenizedText {
  return {
    input_ids: input_ids.filter((id) => typeof id === 'number'),
    tokens: tokens.filter((token) => typeof token === 'string'),
    offsets: offsets?.flatMap(([start, end]) => (typeof start === 'number' && typeof end === 'number' ? [[start, end] as const] : [])),
  };
}

/** The text that a token adds after others; by itself it may lose its leading space. */
export async function textAfter(
  client: Pick<Client, 'post'>,
  prefix: number[],
  { token_id, token }: { token_id: number; token: string },
): Promise<string> {
  const { text } = await client.post('tokenizer', 'detokenize', { input_ids: [prefix, [...prefix, token_id]] });
  const [before = '', after = ''] = Array.isArray(text) ? text : [];
  return after.startsWith(before) ? after.slice(before.length) : token;
}
