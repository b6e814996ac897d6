/** Says kindly that a model was not made for conversations, before someone judges it by its answers. */
import { Button } from '@mantine/core';
import { Icon } from '../kit/icons.tsx';
import classes from '../kit/problem/notices.module.css';

interface Props {
  /** Undefined while it is not known. */
  template: string | null | undefined;
  modelId: string;
  onCompletion: () => void;
}

export function ChatNotice({ template, modelId, onCompletion }: Props) {
  const text = notice(template, modelId);
  if (text === null) return null;
  return (
    <section className={classes.notice} role="note">
      <Icon name="info" />
      <p>{text}</p>
      <Button variant="default" onClick={onCompletion}>
        Use completion
      </Button>
    </section>
  );
}

export function notice(template: string | null | undefined, modelId: string): string | null {
  if (template === undefined) return null;
  if (template === null)
    return `The model “${modelId}” has no chat template: it goes on with text and was not taught to answer. Load an instruct model to chat, or let this one complete.`;
  if (!/\brole\b/.test(template.replace(/\{#.*?#\}/gs, ''))) {
    return `The chat template of “${modelId}” does not tell who speaks: the model reads all messages as one text. Expect it to go on with a story, not to answer.`;
  }
  return /stor(y|ies)/i.test(modelId)
    ? `The model “${modelId}” was trained on short stories. It takes messages, but expect a story rather than an answer.`
    : null;
}
