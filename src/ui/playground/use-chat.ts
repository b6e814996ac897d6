/** The conversation of the chat view: what was said, and the run behind each answer. */
import { isLive, textOf } from './branch.ts';
import type { Prompt } from './prompt-sequence.ts';
import type { Run } from './run.ts';
import type { RunStore, Turn } from './run-store.ts';
import type { ChatMessage } from './settings.ts';

export interface Chat {
  turns: readonly Turn[];
  /** Sends the next user message. */
  send: (text: string) => void;
  /** Takes a turn and all after it back, and gives its user message. */
  takeBack: (index: number) => string;
  /** Answers the last message once more. */
  again: () => void;
  clear: () => void;
}

export function messagesOf(system: string, turns: readonly Turn[], next: string): ChatMessage[] {
  return [
    ...(system.trim() ? [{ role: 'system' as const, content: system }] : []),
    ...turns.flatMap(({ user, run }) => [
      { role: 'user' as const, content: user },
      { role: 'assistant' as const, content: textOf(run.active) },
    ]),
    { role: 'user', content: next },
  ];
}

export function useChat(store: RunStore, turns: readonly Turn[], system: string, start: (prompt: Prompt) => Run): Chat {
  const answer = (before: readonly Turn[], user: string) =>
    store.setTurns([...before, { user, run: start({ messages: messagesOf(system, before, user) }) }]);
  const keep = (count: number) => {
    if (turns.slice(count).some(({ run }) => isLive(run.active))) store.stop();
    store.setTurns(turns.slice(0, count));
  };
  return {
    turns,
    send: (text) => answer(turns, text),
    takeBack: (index) => {
      keep(index);
      return turns[index]?.user ?? '';
    },
    again: () => {
      const last = turns.at(-1);
      if (last) answer(turns.slice(0, -1), last.user);
    },
    clear: () => keep(0),
  };
}
