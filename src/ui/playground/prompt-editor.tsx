/** The prompt with what the tokenizer makes of it, and the button that starts and stops. */
import { Button, Switch, Textarea } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { Icon } from '../kit/icons.tsx';
import type { PromptSequence } from './prompt-sequence.ts';
import classes from './playground.module.css';
import { TokenCard } from './token-card.tsx';
import { TokenFlow } from './token-flow.tsx';
import { Card } from '../kit/layout/card.tsx';

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  /** Enter alone sends (chat); otherwise Ctrl or ⌘ with Enter. */
  sendOnEnter: boolean;
  sendLabel: string;
  canSend: boolean;
  live: boolean;
  onSend: () => void;
  onStop: () => void;
  sequence: PromptSequence | undefined;
  /** Tokens that the model can hold. */
  context: number | null;
  /** Tokens that may come after the prompt. */
  wanted: number;
  boundaries: boolean;
  onBoundaries: (shown: boolean) => void;
  children?: ReactNode;
}

export function PromptEditor(props: Props) {
  const {
    label,
    placeholder,
    value,
    onChange,
    sendOnEnter,
    sendLabel,
    canSend,
    live,
    onSend,
    onStop,
    sequence,
    boundaries,
    onBoundaries,
    children,
  } = props;
  const hint = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    const sends = sendOnEnter ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!sends) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  return (
    <Card flush className={classes.prompt} aria-label={label}>
      <Textarea
        variant="unstyled"
        autosize
        minRows={sendOnEnter ? 1 : 3}
        maxRows={14}
        aria-label={label}
        aria-describedby={hint}
        placeholder={placeholder}
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        classNames={{ input: classes.promptInput ?? '' }}
      />
      {boundaries && sequence && sequence.tokens.length > 0 && <Boundaries sequence={sequence} />}
      <div className={classes.promptBar}>
        <span id={hint} className={classes.count}>
          <Count {...props} />
        </span>
        <Switch label="token boundaries" checked={boundaries} onChange={(event) => onBoundaries(event.currentTarget.checked)} />
        {children}
        {live ? (
          <Button
            className={classes.stop ?? ''}
            leftSection={<Icon name="stop" size={14} fill="currentColor" />}
            rightSection={<kbd className={classes.key}>Esc</kbd>}
            onClick={onStop}
          >
            Stop
          </Button>
        ) : (
          <Button
            className={classes.send ?? ''}
            disabled={!canSend}
            leftSection={<Icon name="play" size={14} />}
            rightSection={<kbd className={classes.key}>{sendOnEnter ? '↵' : SEND_KEY}</kbd>}
            onClick={onSend}
          >
            {sendLabel}
          </Button>
        )}
      </div>
    </Card>
  );
}

const SEND_KEY = /Mac|iP(hone|ad)/.test(globalThis.navigator?.userAgent ?? '') ? '⌘↵' : 'Ctrl ↵';

function Count({ sequence, context, wanted }: Props) {
  if (!sequence) return null;
  const count = sequence.tokens.length;
  const over = context !== null && count >= context;
  const short = context !== null && !over && count + wanted > context;
  return (
    <>
      <b className="gb-num" data-over={over || undefined}>
        {count}
      </b>
      {context !== null && <span className="gb-num"> / {context}</span>} {count === 1 && context === null ? 'token' : 'tokens'}
      {over && <em> · longer than the context</em>}
      {short && <span> · room for {context - count} more</span>}
    </>
  );
}

/** A preview of more tokens would cost more than it tells. */
const PREVIEWED = 4000;

function Boundaries({ sequence }: { sequence: PromptSequence }) {
  if (sequence.tokens.length > PREVIEWED) return <p className={classes.tooLong}>Boundaries are shown up to {PREVIEWED} tokens.</p>;
  return (
    <div className={classes.boundaries}>
      <TokenFlow
        parts={[{ kind: 'output', spans: sequence.spans, tokens: sequence.tokens, offset: 0 }]}
        version={sequence.tokens.length}
        label="Tokens of the prompt. Arrow keys move between them."
        tint="tokens"
        card={(token) => promptCard(sequence, token)}
      />
    </div>
  );
}

function promptCard({ spans, tokens }: PromptSequence, token: number): ReactNode {
  const span = spans.spans[spans.spanOf(token)];
  return (
    span && (
      <TokenCard
        key={token}
        tokens={tokens.slice(span.start, span.end)}
        index={span.start}
        kind="prompt"
        attended={null}
        cannotBranch={null}
        onBranch={() => undefined}
      />
    )
  );
}
