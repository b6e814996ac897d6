/** The text of a sequence as one flow in which every token can be pointed at, walked with the arrow keys and pinned. */
import { useComputedColorScheme } from '@mantine/core';
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { css, type Scheme, surpriseLevel, TINT_LEVELS, TINT_TEXT, tintScale } from '../kit/colour/colour.ts';
import { blocksOf, type Chunk, type FlowPart } from './flow-blocks.ts';
import { nextInLine, tokenAt, type TokenPlace } from './flow-navigation.ts';
import { useTokenLabel } from '../kit/model/use-token-label.ts';
import { FloatingCard } from './floating-card.tsx';
import classes from './token-flow.module.css';
import type { SequenceToken, Span, SpanList } from './token-span.ts';

export type Tint = 'probability' | 'attention' | 'tokens' | 'off';

interface OpenCard extends TokenPlace {
  /** Chosen, not only pointed at: it stays. */
  pinned: boolean;
}

interface Props {
  parts: readonly FlowPart[];
  /** Changes when tokens came. */
  version: number;
  label: string;
  tint: Tint;
  /** Level of every token of the sequence, for the attention tint. */
  levels?: Uint8Array | null;
  /** Shows that more is coming. */
  live?: boolean;
  selected?: number | null;
  onSelect?: (token: number | null) => void;
  /** What the card over a token shows. */
  card?: (token: number, pinned: boolean, close: () => void) => ReactNode;
}

const HOVER_MS = 90;
const LEAVE_MS = 220;

export function TokenFlow({ parts, version, label, tint, levels = null, live = false, selected = null, onSelect, card }: Props) {
  const flow = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<OpenCard | null>(null);
  const [delay] = useState(() => new Delay());
  const cardId = useId();
  useEffect(() => () => delay.cancel(), [delay]);

  const close = () => {
    delay.cancel();
    setOpen(null);
  };
  const pin = (at: TokenPlace) => {
    delay.cancel();
    onSelect?.(at.token);
    setOpen({ ...at, pinned: true });
  };

  const onPointerOver = (event: PointerEvent) => {
    if (event.pointerType !== 'mouse' || open?.pinned) return;
    const at = tokenAt(event.target);
    if (at) delay.start(open ? 30 : HOVER_MS, () => setOpen({ ...at, pinned: false }));
  };
  const onPointerLeave = () => {
    if (!open?.pinned) delay.start(LEAVE_MS, () => setOpen(null));
  };
  const onClick = (event: MouseEvent) => {
    const at = tokenAt(event.target);
    // A drag that marks text is no click on a token.
    if (!at || getSelection()?.isCollapsed === false) return;
    if (open?.pinned && open.token === at.token) close();
    else pin(at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tokenAt(event.target);
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      pin(at);
      requestAnimationFrame(() => document.getElementById(cardId)?.querySelector<HTMLElement>('button')?.focus());
      return;
    }
    const target = flow.current && nextInLine(flow.current, at.anchor, event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
  const onFocus = (event: { target: EventTarget }) => {
    const at = tokenAt(event.target);
    if (at?.anchor.matches(':focus-visible')) {
      delay.cancel();
      onSelect?.(at.token);
      setOpen({ ...at, pinned: false });
    }
  };

  const first = parts.find(({ kind }) => kind === 'output')?.offset ?? 0;
  const current = selected ?? first;
  // Not memoised: the parts grow in place, and a pass over a few thousand spans takes microseconds.
  const blocks = blocksOf(parts);
  const closeAndReturn = () => {
    open?.anchor.focus({ preventScroll: true });
    close();
  };

  return (
    <div
      className={classes.root}
      style={useTintVariables()}
      data-tint={tint}
      onPointerLeave={onPointerLeave}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) delay.start(LEAVE_MS, () => setOpen((now) => (now?.pinned ? now : null)));
      }}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- one listener for thousands of tokens, which are the interactive ones */}
      <section
        ref={flow}
        className={classes.flow}
        aria-label={label}
        onPointerOver={onPointerOver}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        {blocks.map((block, index) => (
          <div key={block.key} className={classes.block}>
            {block.chunks.map((chunk) => (
              <ChunkSpans
                key={`${chunk.part.kind}${chunk.start}`}
                spans={chunk.part.spans}
                tokens={chunk.part.tokens}
                offset={chunk.part.offset}
                kind={chunk.part.kind}
                start={chunk.start}
                end={chunk.end}
                revision={chunk.open ? version : 0}
                tint={tint}
                levels={levels}
                selected={within(chunk, selected)}
                current={within(chunk, current)}
              />
            ))}
            {live && index === blocks.length - 1 && <span className={classes.caret} aria-hidden="true" />}
          </div>
        ))}
        {live && blocks.length === 0 && <span className={classes.caret} aria-hidden="true" />}
      </section>
      {open?.anchor.isConnected && card && (
        <FloatingCard
          id={cardId}
          anchor={open.anchor}
          onPointerEnter={() => delay.cancel()}
          onEscape={closeAndReturn}
          onOutside={close}
          pinned={open.pinned}
        >
          {card(open.token, open.pinned, closeAndReturn)}
        </FloatingCard>
      )}
    </div>
  );
}

/** One thing that happens in a moment, unless another comes before. */
class Delay {
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}

/** The token if a chunk holds it, else −1: a chunk that does not hold it need not be drawn again. */
function within({ part, start, end }: Chunk, token: number | null): number {
  const { spans } = part.spans;
  const first = part.offset + (spans[start]?.start ?? 0);
  const last = part.offset + (spans[end - 1]?.end ?? 0);
  return token !== null && token >= first && token < last ? token : -1;
}

interface ChunkProps {
  spans: SpanList;
  tokens: readonly SequenceToken[];
  offset: number;
  kind: FlowPart['kind'];
  start: number;
  end: number;
  /** Changes when an open chunk may have changed. */
  revision: number;
  tint: Tint;
  levels: Uint8Array | null;
  selected: number;
  current: number;
}

const ChunkSpans = memo(function ChunkSpans({ spans, tokens, offset, kind, start, end, tint, levels, selected, current }: ChunkProps) {
  const label = useTokenLabel();
  return (
    <span className={kind === 'prompt' ? classes.prompt : undefined}>
      {spans.spans.slice(start, end).map((span, index) => {
        const holds = (token: number) => token >= offset + span.start && token < offset + span.end;
        return (
          <span
            key={start + index}
            data-token={offset + span.end - 1}
            className={classNames(span, start + index, tint, tokens)}
            style={tintOf(span, tint, levels, offset)}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a token opens its card; the button role would break the text apart for screen readers
            tabIndex={holds(current) ? 0 : -1}
            {...(holds(selected) && { 'data-selected': true })}
          >
            {span.silent ? silentLabels(span, tokens).map(label).join('') : span.text}
          </span>
        );
      })}
    </span>
  );
});

function classNames(span: Span, index: number, tint: Tint, tokens: readonly SequenceToken[]): string {
  const names = [classes.token];
  if (span.silent) names.push(classes.silent);
  if (tokens[span.start]?.chosen) names.push(classes.chosen);
  if (tint === 'tokens') names.push(classes[index % 2 === 0 ? 'even' : 'odd']);
  return names.filter(Boolean).join(' ');
}

/** By kind and level; level 0 is no tint. The same objects each time, so that a span that stays is left alone. */
const [SURPRISE, ATTENTION] = ['s', 'a'].map((kind) =>
  Array.from({ length: TINT_LEVELS + 1 }, (_, level): CSSProperties | undefined =>
    level === 0 ? undefined : { background: `var(--${kind}${level})`, color: 'var(--tint-text)' },
  ),
);

function tintOf(span: Span, tint: Tint, levels: Uint8Array | null, offset: number): CSSProperties | undefined {
  if (tint === 'probability') return SURPRISE?.[surpriseLevel(span.logprob)];
  if (tint !== 'attention' || !levels) return undefined;
  return ATTENTION?.[Math.max(...levels.subarray(offset + span.start, offset + span.end), 0)];
}

/** Tokens without text of their own: the end of the sequence, or bytes of a character that never came whole. */
const silentLabels = (span: Span, tokens: readonly SequenceToken[]) =>
  tokens.slice(span.start, span.end).map(({ piece, id }) => ({ piece, id }));

function useTintVariables(): Record<string, string> {
  const scheme = useComputedColorScheme('light');
  return useMemo(() => tintVariables(scheme), [scheme]);
}

function tintVariables(scheme: Scheme): Record<string, string> {
  const variables: Record<string, string> = { '--tint-text': css(TINT_TEXT[scheme]) };
  const [surprise, attention] = [tintScale('surprise', scheme), tintScale('attention', scheme)];
  for (let level = 1; level <= TINT_LEVELS; level++) {
    variables[`--s${level}`] = css(surprise[level - 1]!);
    variables[`--a${level}`] = css(attention[level - 1]!);
  }
  return variables;
}
