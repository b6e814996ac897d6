/** A conversation: messages as bubbles, the answer in sight as tokens that can be looked into. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../kit/icons.tsx';
import { isLive, textOf } from './branch.ts';
import classes from './chat-thread.module.css';
import type { Run } from './run.ts';
import type { Chat } from './use-chat.ts';

interface Props {
  chat: Chat;
  shown: Run | null;
  onShow: (run: Run) => void;
  onEdit: (index: number) => void;
  /** The answer in sight, as tokens. */
  output: ReactNode;
}

export function ChatThread({ chat, shown, onShow, onEdit, output }: Props) {
  const { turns } = chat;
  return (
    <ol className={classes.thread} aria-label="Conversation">
      {turns.map(({ user, run }, index) => {
        const last = index === turns.length - 1;
        return (
          <li key={run.active.generationId + index}>
            <div className={classes.user}>
              <p>{user}</p>
              <Button
                variant="subtle"
                size="compact-xs"
                color="gray"
                aria-label={`Edit message ${index + 1}`}
                onClick={() => onEdit(index)}
              >
                Edit
              </Button>
            </div>
            <div className={classes.assistant} data-shown={run === shown || undefined}>
              {run === shown ? (
                output
              ) : (
                <button type="button" className={classes.past} title="Look into this answer" onClick={() => onShow(run)}>
                  {textOf(run.active) || <i>No text.</i>}
                </button>
              )}
              {last && !isLive(run.active) && (
                <div className={classes.actions}>
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    color="gray"
                    leftSection={<Icon name="refresh" size={12} />}
                    onClick={chat.again}
                  >
                    Answer again
                  </Button>
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    color="gray"
                    leftSection={<Icon name="close" size={12} />}
                    onClick={chat.clear}
                  >
                    New conversation
                  </Button>
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
